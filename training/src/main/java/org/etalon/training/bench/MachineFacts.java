package org.etalon.training.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.training.run.Machine;
import org.tensorflow.TensorFlow;

/** What a measurement depends on besides the program: processor, memory, Java, TensorFlow. */
final class MachineFacts {
  /** Processor features that decide which matrix kernels run. */
  private static final List<String> FLAGS =
      List.of(
          "avx2",
          "avx512f",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "amx_bf16",
          "amx_tile",
          "amx_int8");

  private MachineFacts() {}

  static Map<String, Object> collect() {
    Machine machine = Machine.current();
    List<String> lines = cpuInfo();
    List<String> flags = Arrays.asList(value(lines, "flags").split(" "));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("processor", value(lines, "model name"));
    facts.put("flags", FLAGS.stream().filter(flags::contains).toList());
    facts.put("cores", machine.cores());
    facts.put("memory_gib", machine.memoryGib());
    facts.put("system", machine.system());
    facts.put("java", machine.java());
    facts.put("tensorflow", TensorFlow.version());
    return facts;
  }

  private static List<String> cpuInfo() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo"));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }
}
