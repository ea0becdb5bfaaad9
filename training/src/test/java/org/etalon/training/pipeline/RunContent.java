package org.etalon.training.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.etalon.training.metrics.MetricsLog;

/**
 * What a run found, without when and how fast: every file's bytes, and of metrics all values but
 * times. Manifests name commands, event files and the report the time, so those are left out.
 */
final class RunContent {
  private static final List<String> TIMES =
      List.of(
          "time",
          "seconds",
          "seconds/rollout",
          "seconds/train",
          "seconds/data",
          "tokens_per_second",
          "rollout/tokens_per_second",
          "rollout/prefill_share");

  private RunContent() {}

  /** The files that only one of two runs has, or that differ. */
  static List<String> differences(Path one, Path other) {
    Map<String, String> a = of(one);
    Map<String, String> b = of(other);
    Set<String> files = new TreeSet<>(a.keySet());
    files.addAll(b.keySet());
    return files.stream().filter(file -> !Objects.equals(a.get(file), b.get(file))).toList();
  }

  private static Map<String, String> of(Path folder) {
    Map<String, String> content = TinyRun.hashes(folder);
    content
        .keySet()
        .removeIf(
            file ->
                file.endsWith("manifest.json")
                    || file.contains("tensorboard/")
                    || file.equals("report.html"));
    content.replaceAll(
        (file, hash) -> file.endsWith(MetricsLog.FILE) ? metrics(folder.resolve(file)) : hash);
    return content;
  }

  private static String metrics(Path file) {
    return MetricsLog.read(file).stream()
        .map(row -> ((ObjectNode) row.values()).without(TIMES).toString())
        .collect(Collectors.joining("\n"));
  }
}
