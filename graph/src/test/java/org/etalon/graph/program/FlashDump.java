package org.etalon.graph.program;

import java.util.Map;
import org.etalon.graph.WeightType;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;

/**
 * Has XLA lower cuDNN attention on a CPU, where the calls themselves cannot run: with {@code
 * --xla_dump_to} what was lowered is left behind. In a process of its own, because XLA reads its
 * flags once.
 */
final class FlashDump {
  static final AttentionTrial.Sizes SIZES = new AttentionTrial.Sizes(2, 24, 6, 2, 16);

  private FlashDump() {}

  /** Lowers what is named, one after the other: {@code attention}, or a step's recompute. */
  public static void main(String[] names) {
    for (String name : names) {
      try {
        if (name.equals("attention")) {
          attention();
        } else {
          step(Recompute.valueOf(name));
        }
        System.out.println("ran");
      } catch (RuntimeException e) {
        System.out.println("failed: " + e.getMessage());
      }
    }
  }

  private static void attention() {
    try (var trial =
        new AttentionTrial(Device.of(Device.Kind.CPU), Lowering.XLA, AttentionForm.FLASH, SIZES)) {
      trial.run(1);
    }
  }

  private static void step(Recompute recompute) {
    var options = new ExecutionOptions(Lowering.XLA, 1).withProducts(WeightType.BFLOAT16);
    SmallModel model = SmallModel.TIED;
    try (Program program = new Program(model.config(), options, options.device(), true)) {
      program.load(model.weights());
      var trainer =
          new Trainer(program, new CrossEntropy(), new AdamW(0.9, 0.99, 1e-8, 0.1), 8, recompute);
      var documents = SftBatch.random(model.sizes().vocab(), 3).documents();
      Layout layout = Layout.padded(documents, 3, model.sizes().vocab(), 1);
      trainer.accumulate(layout.batch(), 1, Map.of());
    }
  }
}
