package org.etalon.training.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.RunMetadata;

/**
 * Where TensorFlow's time goes by kind of operation. Times of operations that run side by side add
 * up, so the sum may exceed the wall clock.
 */
final class OperationTable {
  private static final int MOST = 25;

  private final Map<String, long[]> kinds = new HashMap<>();

  /** Adds one run. */
  void add(RunMetadata run) {
    for (DeviceStepStats device : run.getStepStats().getDevStatsList()) {
      for (NodeExecStats node : device.getNodeStatsList()) {
        long nanos = node.getOpEndRelNanos() - node.getOpStartRelNanos();
        long[] sums = kinds.computeIfAbsent(kind(node), k -> new long[2]);
        sums[0] += Math.max(0, nanos);
        sums[1]++;
      }
    }
  }

  /** A label reads {@code name = Kind(inputs)}, or is empty. */
  private static String kind(NodeExecStats node) {
    String label = node.getTimelineLabel();
    int from = label.indexOf("= ");
    int to = label.indexOf('(', from);
    return from >= 0 && to > from ? label.substring(from + 2, to) : node.getNodeName();
  }

  private record Row(String operation, double seconds, long count) {}

  private List<Row> slowest() {
    return kinds.entrySet().stream()
        .map(e -> new Row(e.getKey(), e.getValue()[0] / 1e9, e.getValue()[1]))
        .sorted(Comparator.comparingDouble(Row::seconds).reversed())
        .limit(MOST)
        .toList();
  }

  /** The slowest kinds first. */
  List<Map<String, Object>> json() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Row row : slowest()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("operation", row.operation);
      json.put("seconds", row.seconds);
      json.put("count", row.count);
      rows.add(json);
    }
    return rows;
  }

  void print(PrintWriter out) {
    double all = kinds.values().stream().mapToLong(sums -> sums[0]).sum() / 1e9;
    out.printf(Locale.ROOT, "  operations of one round, %.3f s in all:%n", all);
    for (Row row : slowest()) {
      out.printf(
          Locale.ROOT,
          "    %-32s %9.4f s %5.1f %% %7d%n",
          row.operation,
          row.seconds,
          100 * row.seconds / all,
          row.count);
    }
  }
}
