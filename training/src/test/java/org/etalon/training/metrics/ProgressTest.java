package org.etalon.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long nanos;

  @Test
  void linesTellRateAndTimeLeftAndComeEveryFewSeconds() {
    try (Progress progress = lines(0, 100)) {
      for (int step = 1; step <= 100; step++) {
        nanos += 1_000_000_000L;
        progress.update(step, "loss " + step);
      }
    }
    List<String> printed = printed();
    assertEquals("sft  1/100 steps  1.0/s  1m39s left  loss 1", printed.get(0));
    assertEquals("sft  6/100 steps  1.0/s  1m34s left  loss 6", printed.get(1));
    assertEquals("sft  100/100 steps  1.0/s  in 1m40s  loss 100", printed.get(printed.size() - 1));
    assertEquals(21, printed.size());
  }

  @Test
  void rateOfAResumedRunCountsOnlyItsOwnSteps() {
    try (Progress progress = lines(90, 100)) {
      nanos += 2_000_000_000L;
      progress.update(91, "");
    }
    assertEquals(List.of("sft  91/100 steps  0.500/s  18s left"), printed());
  }

  @Test
  void stateAtTheEndIsPrintedEvenIfItCameSoon() {
    try (Progress progress = lines(0, 10)) {
      nanos += 1_000_000_000L;
      progress.update(1, "");
      nanos += 1_000_000_000L;
      progress.update(4, "stopped");
    }
    assertEquals("sft  4/10 steps  2.0/s  in 2s  stopped", printed().get(1));
  }

  @Test
  void durationsReadAsPeopleWriteThem() {
    assertEquals("45s", Progress.duration(45.2));
    assertEquals("3m05s", Progress.duration(185));
    assertEquals("2h07m", Progress.duration(2 * 3600 + 7 * 60 + 12));
  }

  private Progress lines(long done, long total) {
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return Progress.lines(out, () -> nanos, "sft", "steps", done, total);
  }

  private List<String> printed() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
