package org.etalon.data.prepare;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What became of problems, counted by step and reason. One thread at a time. */
final class Tally {
  /** The steps' counts in their order, reading first. */
  private final Map<String, StepTally> steps = new LinkedHashMap<>();

  /** Counts of one step. */
  static final class StepTally {
    private long in;
    private long kept;
    private final Map<String, Long> reasons = new TreeMap<>();

    void seen(boolean isKept) {
      in++;
      kept += isKept ? 1 : 0;
    }

    void noted(String reason) {
      reasons.merge(reason, 1L, Long::sum);
    }

    long in() {
      return in;
    }

    long kept() {
      return kept;
    }

    long reason(String reason) {
      return reasons.getOrDefault(reason, 0L);
    }

    Map<String, Long> reasons() {
      return reasons;
    }

    private void add(StepTally other) {
      in += other.in;
      kept += other.kept;
      other.reasons.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
    }
  }

  StepTally step(String name) {
    return steps.computeIfAbsent(name, key -> new StepTally());
  }

  Map<String, StepTally> steps() {
    return steps;
  }

  void add(Tally other) {
    other.steps.forEach((name, tally) -> step(name).add(tally));
  }
}
