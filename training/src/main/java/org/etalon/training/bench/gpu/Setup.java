package org.etalon.training.bench.gpu;

import java.util.List;
import java.util.Optional;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Device;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Lowering;

/**
 * What the checks run on, and how large.
 *
 * @param device what was asked for
 * @param small whether sizes are toys, to see on any machine that the checks themselves work
 * @param deadline when no further measurement is begun
 * @param peer the command that measures PyTorch, if it is to be measured
 */
record Setup(Device device, boolean small, Deadline deadline, Optional<List<String>> peer) {

  /**
   * A moment.
   *
   * @param nanos of {@link System#nanoTime}
   */
  record Deadline(long nanos) {
    static Deadline in(double seconds) {
      return new Deadline(System.nanoTime() + (long) (seconds * 1e9));
    }

    boolean isOver() {
      return System.nanoTime() - nanos > 0;
    }
  }

  /** Whether cuDNN can be called. */
  boolean onGpu() {
    return device.resolved().isGpu();
  }

  /** Compiled steps with bfloat16 products: how a GPU is meant to train. */
  ExecutionOptions options() {
    return new ExecutionOptions(Lowering.XLA, 0)
        .withProducts(WeightType.BFLOAT16)
        .withDevice(device);
  }

  /** One or the other, by size. */
  <T> T sized(T toy, T real) {
    return small ? toy : real;
  }

  /**
   * Qwen2.5-1.5B's shape, or a toy of the same architecture. Source: {@code config.json} of
   * Qwen/Qwen2.5-1.5B.
   *
   * @param layers its blocks, where it is no toy; the model has 28
   */
  ModelConfig model(int layers) {
    return small
        ? ModelConfig.qwen2(512, 64, 160, 1, 4, 2, 16, 1e4, 1e-6, true, 4096)
        : ModelConfig.qwen2(151_936, 1536, 8960, layers, 12, 2, 128, 1e6, 1e-6, true, 40_960);
  }

  int layers() {
    return sized(1, 28);
  }
}
