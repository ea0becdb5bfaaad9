package org.etalon.training.bench.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.program.AttentionForm;
import org.etalon.graph.program.AttentionTrial;
import org.etalon.graph.program.Device;
import org.etalon.graph.program.Lowering;

/**
 * Check 5: cuDNN's attention, forward and backward, against attention in full in float32 on the
 * CPU. Without a GPU attention in blocks stands in for it.
 */
final class FlashCheck implements Check {
  private static final double LARGEST_DISTANCE = 1e-2;

  @Override
  public Map<String, Object> run(Setup setup) {
    boolean cudnn = setup.onGpu();
    AttentionForm form = cudnn ? AttentionForm.FLASH : AttentionForm.BLOCKS;
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("cudnn", cudnn);
    List<Map<String, Object>> cases = new ArrayList<>();
    values.put("cases", cases);
    for (AttentionTrial.Sizes sizes : sizes(setup)) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("sizes", sizes.toString());
      cases.add(one);
      double distance = distance(setup, form, sizes, one);
      one.put("distance", distance);
      if (!(distance <= LARGEST_DISTANCE)) {
        throw CheckException.failed(
            "%s lies %g from attention in float32, at most %g was expected"
                .formatted(sizes, distance, LARGEST_DISTANCE),
            values);
      }
    }
    return values;
  }

  private static List<AttentionTrial.Sizes> sizes(Setup setup) {
    return setup.small()
        ? List.of(new AttentionTrial.Sizes(1, 32, 4, 2, 16))
        : List.of(
            new AttentionTrial.Sizes(1, 2048, 12, 2, 128),
            new AttentionTrial.Sizes(2, 1000, 9, 3, 64),
            new AttentionTrial.Sizes(1, 128, 4, 2, 32));
  }

  private static double distance(
      Setup setup, AttentionForm form, AttentionTrial.Sizes sizes, Map<String, Object> values) {
    Device cpu = Device.of(Device.Kind.CPU);
    try (var there = new AttentionTrial(setup.device(), Lowering.XLA, form, sizes);
        var here = new AttentionTrial(cpu, Lowering.INLINE, AttentionForm.FULL, sizes)) {
      AttentionTrial.Values got = there.run(1);
      values.put("seconds_with_transfers", Timing.seconds(() -> there.run(1)));
      return got.distanceFrom(here.run(1));
    }
  }
}
