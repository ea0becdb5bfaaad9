package org.etalon.savedmodels.gguf;

import java.nio.file.Path;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.savedmodels.folder.ModelFolder;

/** Turns a GGUF file into a model folder of Hugging Face's layout, one weight at a time. */
public final class GgufImport {
  private GgufImport() {}

  /**
   * Writes {@code folder}, whole or not at all.
   *
   * @throws DataException if the file cannot be used, or {@code folder} exists or cannot be written
   */
  public static void write(Path gguf, Path folder) {
    GgufModel model = GgufModel.open(gguf);
    try (TokenizerFile tokenizer = model.tokenizerFiles().load()) {
      ModelFolder.write(folder, model.config(), model::weight, tokenizer);
    }
  }
}
