package org.etalon.training.export;

import java.nio.file.Files;
import java.nio.file.Path;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.training.cli.Etalon;
import org.etalon.training.mgpo.Mgpo;
import org.etalon.training.policy.Policy;
import org.etalon.training.run.Stage;
import org.etalon.training.run.StageRun;

/** Writes the final model as a Hugging Face folder and as a SavedModel for TensorFlow Serving. */
public final class Export {
  private Export() {}

  /** The stage as a program of its own; takes the options of {@code etalon export}. */
  public static void main(String[] args) {
    Etalon.main("export", args);
  }

  /** Exports the model that the signal phase left. */
  public static void run(StageRun run) {
    Path folder = run.folder().folder(Stage.EXPORT);
    Path mgpo = run.completed(Stage.MGPO);
    try (Policy policy = Policy.load(run.configuration(), Mgpo.weights(mgpo))) {
      Path hf = folder.resolve("huggingface");
      if (!Files.exists(hf)) {
        ModelFolder.write(hf, policy.program().config(), policy.program()::get, policy.tokenizer());
      }
    }
    run.manifest(Stage.EXPORT).withInput("mgpo", mgpo).write(folder);
  }
}
