package org.etalon.savedmodels.gguf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    try (TokenizerFile tokenizer = tokenizer(model)) {
      ModelFolder.write(folder, model.config(), model::weight, tokenizer);
    }
  }

  /**
   * The model's tokenizer; the caller closes.
   *
   * @throws DataException if the library cannot load it
   */
  public static TokenizerFile tokenizer(GgufModel model) {
    TokenizerTexts texts = model.tokenizerFiles();
    try {
      Path folder = Files.createTempDirectory("etalon-tokenizer");
      Path json = folder.resolve("tokenizer.json");
      Path config = folder.resolve("tokenizer_config.json");
      try {
        Files.writeString(json, texts.tokenizer(), StandardCharsets.UTF_8);
        Files.writeString(config, texts.config(), StandardCharsets.UTF_8);
        return TokenizerFile.load(folder);
      } finally {
        for (Path path : List.of(json, config, folder)) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException e) {
      throw new DataException(
          "a temporary folder for the tokenizer could not be written ("
              + e
              + "); check that the disk has room",
          e);
    }
  }
}
