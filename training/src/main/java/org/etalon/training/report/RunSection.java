package org.etalon.training.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.etalon.data.manifest.Manifest;
import org.etalon.training.run.Stage;

/** What was run, on which machine, with which configuration. */
final class RunSection {
  private static final String MACHINE = "machine";

  private RunSection() {}

  static String html(RunData data) {
    return Html.section(
        "run",
        "Run",
        machines(data.manifests()),
        stages(data.manifests()) + configuration(data.configuration()));
  }

  /** One sentence per machine; a resumed run may have had several. */
  private static String machines(Map<Stage, Manifest> manifests) {
    Set<String> machines = new LinkedHashSet<>();
    for (Manifest manifest : manifests.values()) {
      JsonNode machine = manifest.facts().get(MACHINE);
      if (machine != null) {
        machines.add(
            "%s; %s; %s cores; %s GiB of memory."
                .formatted(
                    machine.path("system").asText("?"),
                    machine.path("java").asText("?"),
                    machine.path("cores").asText("?"),
                    machine.path("memoryGib").asText("?")));
      }
    }
    return Html.escape(machines.isEmpty() ? "No stage has ended yet." : String.join(" ", machines));
  }

  private static String stages(Map<Stage, Manifest> manifests) {
    if (manifests.isEmpty()) {
      return "";
    }
    var rows = new StringBuilder();
    for (Stage stage : Stage.values()) {
      Manifest manifest = manifests.get(stage);
      if (manifest != null) {
        rows.append(
            """
            <tr><th>%s</th><td>%s</td><td>%d</td><td>%s</td><td class="text">%s</td></tr>
            """
                .formatted(
                    stage.folderName(),
                    Html.escape(manifest.tool()),
                    manifest.outputs().size(),
                    megabytes(manifest),
                    Html.escape(facts(manifest))));
      }
    }
    return """
        <div class="scroll"><table>
        <thead><tr><th>Stage</th><th>Made by</th><th>Files</th><th>Size</th>\
        <th style="text-align:left">Facts</th></tr></thead>
        <tbody>
        %s</tbody>
        </table></div>
        """
        .formatted(rows);
  }

  private static String facts(Manifest manifest) {
    var facts = new StringBuilder();
    manifest
        .facts()
        .forEach(
            (name, value) -> {
              if (!name.equals(MACHINE)) {
                String text =
                    value.isNumber()
                        ? Html.number(value.doubleValue())
                        : value.isTextual() ? value.asText() : value.toString();
                facts.append(facts.isEmpty() ? "" : " · ").append(name).append(' ').append(text);
              }
            });
    return facts.toString();
  }

  private static String megabytes(Manifest manifest) {
    long bytes = manifest.outputs().stream().mapToLong(Manifest.Entry::bytes).sum();
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private static String configuration(String yaml) {
    return """
        <details><summary>Configuration</summary><div class="inside">
        <pre>%s</pre>
        </div></details>
        """
        .formatted(Html.escape(yaml));
  }
}
