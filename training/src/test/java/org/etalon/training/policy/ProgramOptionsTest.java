package org.etalon.training.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.AttentionForm;
import org.etalon.graph.program.Device;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Lowering;
import org.etalon.training.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramOptionsTest {
  private static ExecutionOptions options(String... sets) {
    return ProgramOptions.of(Configuration.load(Optional.empty(), List.of(sets)));
  }

  @Test
  void everySettingArrives() {
    var expected =
        new ExecutionOptions(
            Lowering.XLA,
            3,
            WeightType.FLOAT32,
            WeightType.BFLOAT16,
            64,
            AttentionForm.AUTO,
            new Device(Device.Kind.GPU, 1, 20, false, false));
    assertEquals(
        expected,
        options(
            "xla=on",
            "threads=3",
            "products=bfloat16",
            "attentionBlock=64",
            "device=gpu",
            "gpu.ordinal=1",
            "gpu.memoryGiB=20",
            "gpu.growth=false",
            "gpu.tf32=false"));
  }

  @ParameterizedTest
  @CsvSource({"auto, AUTO", "full, FULL", "blocks, BLOCKS", "flash, FLASH"})
  void attentionHasTheSameNames(String name, AttentionForm form) {
    assertEquals(form, options("attention=" + name).attention());
  }
}
