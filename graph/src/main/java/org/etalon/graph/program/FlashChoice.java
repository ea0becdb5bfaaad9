package org.etalon.graph.program;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.FlashAttention;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a program's rows attend by cuDNN: wherever the form allows it, nothing speaks
 * against it, and a small case compiles and gives what blocks give. The reason is logged.
 */
final class FlashChoice {
  private static final Logger LOG = LoggerFactory.getLogger(FlashChoice.class);

  /** Our choice: four times what rounding to bfloat16 makes of it. */
  private static final double LARGEST_DISTANCE = 2e-2;

  /** Two blocks of the reference, more than one of cuDNN's tiles. */
  private static final int LENGTH = 256;

  private static final Map<AttentionTrial.Sizes, Optional<String>> TRIED =
      new ConcurrentHashMap<>();
  private static final AtomicBoolean FELL_BACK = new AtomicBoolean();

  private FlashChoice() {}

  /**
   * Whether to use cuDNN.
   *
   * @param device the resolved one
   * @throws IllegalArgumentException if cuDNN is asked for and cannot be had
   */
  static boolean of(ModelConfig config, ExecutionOptions options, Device device) {
    AttentionForm form = options.attention();
    if (form == AttentionForm.FULL || form == AttentionForm.BLOCKS) {
      return false;
    }
    Optional<String> obstacle = obstacle(config, options, device).or(() -> failure(config, device));
    if (obstacle.isEmpty()) {
      LOG.info("attention: cuDNN, where a row holds one document");
      return true;
    }
    if (form == AttentionForm.FLASH) {
      throw new IllegalArgumentException(
          "attention: flash is not possible: " + obstacle.get() + "; or set attention: auto");
    }
    if (device.isGpu()) {
      LOG.info("attention: not by cuDNN: {}", obstacle.get());
    }
    return false;
  }

  private static Optional<String> obstacle(
      ModelConfig config, ExecutionOptions options, Device device) {
    if (!device.isGpu()) {
      return Optional.of("it needs a GPU; set device: gpu");
    }
    if (options.lowering() != Lowering.XLA) {
      return Optional.of("only XLA can call it; set xla: on");
    }
    if (options.products() != WeightType.BFLOAT16) {
      return Optional.of("it multiplies in bfloat16; set products: bfloat16");
    }
    return FlashAttention.unsupported(config.headDim());
  }

  /** Why cuDNN fails here, if it does; tried once in a process for each shape of heads. */
  private static Optional<String> failure(ModelConfig config, Device device) {
    var sizes =
        new AttentionTrial.Sizes(1, LENGTH, config.heads(), config.kvHeads(), config.headDim());
    return TRIED.computeIfAbsent(sizes, s -> compare(device, s));
  }

  private static Optional<String> compare(Device device, AttentionTrial.Sizes sizes) {
    try (var flash = new AttentionTrial(device, Lowering.XLA, AttentionForm.FLASH, sizes);
        var blocks = new AttentionTrial(device, Lowering.XLA, AttentionForm.BLOCKS, sizes)) {
      double distance = flash.run(1).distanceFrom(blocks.run(1));
      return distance <= LARGEST_DISTANCE
          ? Optional.empty()
          : Optional.of(
              "its results lie "
                  + distance
                  + " from those of blocks, at most "
                  + LARGEST_DISTANCE
                  + " was expected; report it with the output of etalon doctor");
    } catch (RuntimeException e) {
      // Whatever TensorFlow, XLA or cuDNN throws: the run goes on without.
      return Optional.of(
          "it does not run: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /** Says once that a batch went another way. */
  static void fellBack() {
    if (FELL_BACK.compareAndSet(false, true)) {
      LOG.info("attention: rows of several documents go block by block, cuDNN takes one a row");
    }
  }
}
