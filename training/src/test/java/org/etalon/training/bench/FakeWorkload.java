package org.etalon.training.bench;

import java.util.Map;
import org.etalon.graph.program.Program;

/** Rounds that take the time they are told, without any program. */
final class FakeWorkload implements Workload {
  private final double seconds;
  private int rounds;
  private boolean closed;

  FakeWorkload(double seconds) {
    this.seconds = seconds;
  }

  int rounds() {
    return rounds;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public Map<String, Object> facts() {
    return Map.of("context", 7);
  }

  @Override
  public Round round() {
    rounds++;
    Map<String, Double> values = Map.of("round", (double) rounds);
    return new Round(new Work(10, 4e9, 2e9), seconds, seconds / 2, values);
  }

  @Override
  public Program program() {
    throw new UnsupportedOperationException("a fake has no program");
  }

  @Override
  public void close() {
    closed = true;
  }
}
