package org.etalon.graph.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.program.Lowering;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Predictions against the resident memory of real training steps. */
class PeakMemoryTest {
  @BeforeAll
  static void needsLinux() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "peaks are read from Linux's /proc");
  }

  private static PeakProcess.Case small(
      int length, String recompute, String products, int block, Lowering lowering) {
    return new PeakProcess.Case(
        false, length, Recompute.of(recompute), WeightType.valueOf(products), block, lowering);
  }

  /** What does not grow, in nodes, libraries and weights, falls out of the difference. */
  @ParameterizedTest
  @EnumSource(
      value = Lowering.class,
      names = {"INLINE", "PIECES"})
  void memoryGrowsWithTheLengthAsPredicted(Lowering lowering) {
    PeakProcess.Case brief = small(384, "none", "FLOAT32", 256, lowering);
    PeakProcess.Case far = small(1152, "none", "FLOAT32", 256, lowering);
    double predicted = far.predicted().total() - brief.predicted().total();
    double measured = PeakProcess.bytes(far, false) - PeakProcess.bytes(brief, false);
    assertEquals(predicted, measured, 0.25 * predicted);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "2048, none, FLOAT32, 512, INLINE",
    "4096, none, FLOAT32, 512, INLINE",
    "4096, selective, FLOAT32, 512, INLINE",
    "4096, full, FLOAT32, 512, INLINE",
    "4096, none, BFLOAT16, 512, INLINE",
    "4096, selective, BFLOAT16, 512, INLINE",
    "1024, none, FLOAT32, 0, INLINE",
    "2048, none, FLOAT32, 0, INLINE",
    "2048, selective, FLOAT32, 0, INLINE",
    "2048, full, FLOAT32, 0, INLINE",
    "4096, none, FLOAT32, 256, PIECES",
    "4096, selective, FLOAT32, 256, PIECES",
    "4096, full, FLOAT32, 256, PIECES",
    "4096, none, BFLOAT16, 256, PIECES",
    "4096, selective, BFLOAT16, 256, PIECES"
  })
  void peaksArePredictedWithinAQuarter(
      int length, String recompute, String products, int block, Lowering lowering) {
    PeakProcess.Case c = small(length, recompute, products, block, lowering);
    assertPredicted(c, PeakProcess.bytes(c, true));
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"FLOAT32, INLINE", "BFLOAT16, INLINE", "FLOAT32, PIECES"})
  void theOptimizersStepIsPredictedWithinAQuarter(WeightType products, Lowering lowering) {
    var c = new PeakProcess.Case(true, 64, Recompute.NONE, products, 512, lowering);
    assertPredicted(c, PeakProcess.bytes(c, true));
  }

  private static void assertPredicted(PeakProcess.Case c, long bytes) {
    double measured = (double) bytes;
    double predicted = (double) c.predicted().total();
    assertEquals(measured, predicted, 0.25 * measured, () -> c + ": " + c.predicted());
  }
}
