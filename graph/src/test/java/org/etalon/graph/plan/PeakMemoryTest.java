package org.etalon.graph.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.Recompute;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Predictions against the resident memory of real training steps. */
class PeakMemoryTest {
  @BeforeAll
  static void needsLinux() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "peaks are read from Linux's /proc");
  }

  private static PeakProcess.Case small(int length, String recompute, String products, int block) {
    return new PeakProcess.Case(
        false, length, Recompute.of(recompute), WeightType.valueOf(products), block);
  }

  /** What does not grow, in nodes, libraries and weights, falls out of the difference. */
  @Test
  void memoryGrowsWithTheLengthAsPredicted() {
    PeakProcess.Case brief = small(384, "none", "FLOAT32", 256);
    PeakProcess.Case far = small(1152, "none", "FLOAT32", 256);
    double predicted = far.predicted().total() - brief.predicted().total();
    double measured = PeakProcess.bytes(far, false) - PeakProcess.bytes(brief, false);
    assertEquals(predicted, measured, 0.25 * predicted);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "2048, none, FLOAT32, 512",
    "4096, none, FLOAT32, 512",
    "4096, selective, FLOAT32, 512",
    "4096, full, FLOAT32, 512",
    "4096, none, BFLOAT16, 512",
    "4096, selective, BFLOAT16, 512",
    "1024, none, FLOAT32, 0",
    "2048, none, FLOAT32, 0",
    "2048, selective, FLOAT32, 0",
    "2048, full, FLOAT32, 0"
  })
  void peaksArePredictedWithinAQuarter(int length, String recompute, String products, int block) {
    PeakProcess.Case c = small(length, recompute, products, block);
    assertPredicted(c, PeakProcess.bytes(c, true));
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"FLOAT32", "BFLOAT16"})
  void theOptimizersStepIsPredictedWithinAQuarter(WeightType products) {
    var c = new PeakProcess.Case(true, 64, Recompute.NONE, products, 512);
    assertPredicted(c, PeakProcess.bytes(c, true));
  }

  private static void assertPredicted(PeakProcess.Case c, long bytes) {
    double measured = (double) bytes;
    double predicted = (double) c.predicted().total();
    assertEquals(measured, predicted, 0.25 * measured, () -> c + ": " + c.predicted());
  }
}
