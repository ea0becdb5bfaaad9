package org.etalon.training.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NvidiaSmiTest {
  @Test
  void everyGpuHasALine() {
    String csv =
        """
        0, NVIDIA H100 80GB HBM3, 81559 MiB, 9.0, 570.86.10
        1, NVIDIA A10G, 23028 MiB, 8.6, 570.86.10
        """;
    List<NvidiaSmi.Gpu> gpus = NvidiaSmi.parse(csv);
    assertEquals(
        List.of(
            "NVIDIA H100 80GB HBM3, 81559 MiB, compute capability 9.0, driver 570.86.10",
            "NVIDIA A10G, 23028 MiB, compute capability 8.6, driver 570.86.10"),
        gpus.stream().map(NvidiaSmi.Gpu::toString).toList());
    assertEquals("1", gpus.get(1).index());
  }

  @Test
  void whatIsNoLineOfItIsLeftOut() {
    assertEquals(List.of(), NvidiaSmi.parse("No devices were found\n"));
  }
}
