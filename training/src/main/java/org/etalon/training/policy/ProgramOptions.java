package org.etalon.training.policy;

import org.etalon.graph.WeightType;
import org.etalon.graph.program.AttentionForm;
import org.etalon.graph.program.Device;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Lowering;
import org.etalon.training.config.Attention;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.DeviceChoice;
import org.etalon.training.config.Precision;
import org.etalon.training.config.Xla;

/** What a configuration says about how a model's program runs. */
public final class ProgramOptions {
  private ProgramOptions() {}

  /** Float32 weights, and all else as the configuration has it. */
  public static ExecutionOptions of(Configuration c) {
    return new ExecutionOptions(lowering(c.xla()), c.threads())
        .withProducts(c.products() == Precision.BFLOAT16 ? WeightType.BFLOAT16 : WeightType.FLOAT32)
        .withAttentionBlock(c.attentionBlock())
        .withAttention(form(c.attention()))
        .withDevice(
            new Device(
                kind(c.device()),
                c.gpu().ordinal(),
                c.gpu().memoryGiB(),
                c.gpu().growth(),
                c.gpu().tf32()));
  }

  /** What of a program is compiled. */
  public static Lowering lowering(Xla xla) {
    return switch (xla) {
      case OFF -> Lowering.INLINE;
      case PIECES -> Lowering.PIECES;
      case ON -> Lowering.XLA;
    };
  }

  private static AttentionForm form(Attention attention) {
    return switch (attention) {
      case AUTO -> AttentionForm.AUTO;
      case FULL -> AttentionForm.FULL;
      case BLOCKS -> AttentionForm.BLOCKS;
      case FLASH -> AttentionForm.FLASH;
    };
  }

  private static Device.Kind kind(DeviceChoice device) {
    return switch (device) {
      case AUTO -> Device.Kind.AUTO;
      case CPU -> Device.Kind.CPU;
      case GPU -> Device.Kind.GPU;
    };
  }
}
