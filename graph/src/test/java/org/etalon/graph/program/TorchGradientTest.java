package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.oracle.Golden;
import org.etalon.graph.oracle.NaiveAdamW;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The supervised loss and its gradient against torch's, two documents packed in one row. */
class TorchGradientTest {
  /** transformers computes norms, softmax and rotary angles in float32. */
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-tied.txt", "qwen2-untied.txt"})
  void lossAndGradientNormsAgreeWithTorch(String file) {
    Golden golden = Golden.read(file);
    SmallModel model = SmallModel.of(golden);
    Layout packed = Layout.of(List.of(documents(golden)), 19, model.sizes().vocab(), 4);
    try (Program program = model.program(Lowering.INLINE)) {
      AdamW adam = new AdamW(0.9, 0.99, 1e-8, 0);
      Trainer trainer = new Trainer(program, new CrossEntropy(), adam, 6);
      double loss = trainer.accumulate(packed.batch(), 1, Map.of()).loss();
      assertEquals(golden.number("sft.loss"), loss, TOLERANCE);
      Map<String, float[]> gradients = Gradient.of(trainer, program.config()).values();
      assertEquals(gradients.size(), golden.names("grad.").size());
      gradients.forEach(
          (name, gradient) -> {
            double[] expected = golden.vector("grad." + name);
            double norm = NaiveAdamW.globalNorm(new double[][] {Gradient.widened(gradient)});
            assertEquals(expected[0], norm, TOLERANCE, name);
            assertEquals(expected[1], gradient[gradient.length / 3], TOLERANCE, name);
            assertEquals(expected[2], gradient[gradient.length - 1], TOLERANCE, name);
          });
      // A float32 near 17, whose spacing is 2e-6, summed from 25 others.
      double norm = trainer.step(0, 0).gradientNorm();
      assertEquals(golden.number("sft.gradnorm"), norm, 2 * TOLERANCE);
    }
  }

  private static List<Document> documents(Golden golden) {
    boolean[][] mask = {golden.mask("mask.0"), golden.mask("mask.1")};
    int counted = 0;
    for (boolean[] row : mask) {
      for (boolean on : row) {
        counted += on ? 1 : 0;
      }
    }
    List<Document> documents = new ArrayList<>();
    for (int d = 0; d < mask.length; d++) {
      float[] weights = new float[mask[d].length];
      for (int t = 0; t < weights.length; t++) {
        weights[t] = mask[d][t] ? 1f / counted : 0;
      }
      documents.add(new Document(golden.ints("ids." + d), weights, Map.of()));
    }
    return documents;
  }
}
