package org.etalon.training.eval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The models' scores as a plain-text table, percent with intervals. */
final class EvalTable {
  private EvalTable() {}

  /** One line per model. */
  static String of(List<JsonNode> models, int k, double confidence) {
    int width = models.stream().mapToInt(m -> m.get("name").asText().length()).max().orElse(0);
    String line = "%-" + width + "s  %-22s  %-22s  %8s  %9s%n";
    StringBuilder table = new StringBuilder();
    table.append(
        line.formatted(
            "model",
            "Pass@1 (%.0f %%)".formatted(100 * confidence),
            "Pass@%d (%.0f %%)".formatted(k, 100 * confidence),
            "tokens",
            "truncated"));
    for (JsonNode model : models) {
      table.append(
          line.formatted(
              model.get("name").asText(),
              interval(model.get("pass@1")),
              interval(model.get("pass@k")),
              "%.1f".formatted(model.get("mean_length").asDouble()),
              "%.1f %%".formatted(100 * model.get("truncated").asDouble())));
    }
    return table.toString();
  }

  private static String interval(JsonNode i) {
    return "%5.1f [%5.1f, %5.1f]"
        .formatted(
            100 * i.get("value").asDouble(),
            100 * i.get("low").asDouble(),
            100 * i.get("high").asDouble());
  }
}
