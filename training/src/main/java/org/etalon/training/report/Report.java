package org.etalon.training.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.training.config.Configuration;
import org.etalon.training.run.AtomicFiles;
import org.etalon.training.run.Stage;
import org.etalon.training.run.Version;

/**
 * Writes {@code report.html} of a run: one file without scripts or outside resources, for phone and
 * desktop, light and dark. Stages that have not run are shown as such, so it can be written at any
 * time.
 */
public final class Report {
  /** Name of the file. */
  public static final String FILE = "report.html";

  private static final String CSS = "report.css";

  private Report() {}

  /**
   * Reads what the run has so far and writes the report into its folder.
   *
   * @return the file
   * @throws DataException if the folder is not a run, or a result file cannot be read
   */
  public static Path write(Path run) {
    Path file = run.resolve(FILE);
    AtomicFiles.writeText(file, html(run));
    return file;
  }

  static String html(Path run) {
    RunData data = RunData.read(run);
    Optional<Configuration> settings = data.settings(run);
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s · Etalon</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        %s%s%s%s%s%s<footer>Written by Etalon %s. Pass@K is the unbiased estimate; intervals are a bootstrap over problems.</footer>
        </main>
        </body>
        </html>
        """
        .formatted(
            Html.escape(data.name()),
            css(),
            header(data),
            EvalSection.html(data),
            SpectrumSection.html(data),
            SignalSection.html(data, settings),
            SamplesSection.html(data),
            RunSection.html(data),
            Html.escape(Version.current()));
  }

  private static String header(RunData data) {
    var stages = new StringBuilder();
    for (Stage stage : Stage.values()) {
      boolean done = data.manifests().containsKey(stage);
      stages.append(
          "<li%s>%s%s</li>\n"
              .formatted(done ? " class=\"done\"" : "", stage.folderName(), done ? " ✓" : ""));
    }
    return """
        <header>
        <h1>%s</h1>
        <p class="sub">Spectrum to signal: one training run, its checkpoints probed per subdomain, \
        the specialists fused, and the fused model sharpened by MGPO.</p>
        <ul class="stages">
        %s</ul>
        </header>
        """
        .formatted(Html.escape(data.name()), stages);
  }

  /** The style sheet. */
  static String css() {
    try (InputStream in = Report.class.getResourceAsStream(CSS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DataException(CSS + " cannot be read: " + e.getMessage(), e);
    }
  }
}
