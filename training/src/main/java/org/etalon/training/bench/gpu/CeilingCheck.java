package org.etalon.training.bench.gpu;

import java.util.LinkedHashMap;
import java.util.Map;
import org.etalon.graph.program.Device;

/** Check 2, first and last: the rate of a large bfloat16 product, and of a large copy. */
final class CeilingCheck implements Check {
  @Override
  public Map<String, Object> run(Setup setup) {
    Device device = setup.device().resolved();
    Map<String, Object> values = new LinkedHashMap<>();
    int n = setup.sized(128, 8192);
    int links = setup.sized(2, 10);
    int rounds = setup.sized(2, 5);
    try (Products products = Products.bfloat16(device, n, links)) {
      Timing timing = Timing.of(rounds, products::run);
      values.put("product_size", n);
      values.put("product_tflops", 2.0 * n * n * n * links / timing.median() / 1e12);
      values.put("product", timing.values());
    }
    int m = setup.sized(256, 16_384);
    try (Products copies = Products.copies(device, m, links)) {
      Timing timing = Timing.of(rounds, copies::run);
      values.put("copy_mib", (4L * m * m) >> 20);
      values.put("copy_tb_s", 8.0 * m * m * links / timing.median() / 1e12);
      values.put("copy", timing.values());
    }
    return values;
  }
}
