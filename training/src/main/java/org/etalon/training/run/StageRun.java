package org.etalon.training.run;

import java.nio.file.Path;
import org.etalon.data.DataException;
import org.etalon.data.manifest.Manifest;
import org.etalon.training.config.Configuration;

/**
 * What a stage is given: the run folder, how to show progress, and the command for the manifest.
 *
 * @param folder the run, locked
 * @param progress how progress is shown
 * @param command the command line as typed
 */
public record StageRun(RunFolder folder, ProgressStyle progress, String command) {
  /** The run's configuration. */
  public Configuration configuration() {
    return folder.configuration();
  }

  /** The folder of an earlier stage, which must be complete and intact. */
  public Path completed(Stage stage) {
    if (!folder.isComplete(stage)) {
      throw new DataException(
          "stage %s has not run in %s; run: etalon %s --out %s"
              .formatted(
                  stage.folderName(),
                  folder.root(),
                  stage == Stage.DATA ? "decontaminate" : stage.folderName(),
                  folder.root()));
    }
    return folder.folder(stage);
  }

  /** The manifest of a stage, to be written last. */
  public Manifest manifest(Stage stage) {
    return folder.manifest(stage, command);
  }
}
