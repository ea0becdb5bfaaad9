package org.etalon.savedmodels.gguf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;

/**
 * A tokenizer as Hugging Face's library reads it.
 *
 * @param tokenizer text of {@code tokenizer.json}
 * @param config text of {@code tokenizer_config.json}, with the chat template if there is one
 */
public record TokenizerTexts(String tokenizer, String config) {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String CONFIG = "tokenizer_config.json";
  private static final String TEMPLATE = "chat_template.jinja";

  /** Something done with a folder that is there for it alone. */
  @FunctionalInterface
  private interface WithFolder<T> {
    T apply(Path folder) throws IOException;
  }

  /** The texts of a loaded tokenizer; a template in a file of its own wins, as it does there. */
  static TokenizerTexts of(TokenizerFile tokenizer) {
    return inTemporary(
        folder -> {
          tokenizer.copyTo(folder);
          String config = Files.exists(folder.resolve(CONFIG)) ? read(folder, CONFIG) : "{}";
          if (Files.exists(folder.resolve(TEMPLATE))) {
            config = withTemplate(config, read(folder, TEMPLATE));
          }
          return new TokenizerTexts(read(folder, TOKENIZER), config);
        });
  }

  /**
   * Loads the tokenizer; the caller closes.
   *
   * @throws DataException if the library cannot load it
   */
  public TokenizerFile load() {
    return inTemporary(
        folder -> {
          Files.writeString(folder.resolve(TOKENIZER), tokenizer, StandardCharsets.UTF_8);
          Files.writeString(folder.resolve(CONFIG), config, StandardCharsets.UTF_8);
          return TokenizerFile.load(folder);
        });
  }

  private static String read(Path folder, String name) throws IOException {
    return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
  }

  private static String withTemplate(String config, String template)
      throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = (ObjectNode) json.readTree(config);
    return json.writeValueAsString(root.put("chat_template", template));
  }

  private static <T> T inTemporary(WithFolder<T> action) {
    try {
      Path folder = Files.createTempDirectory("etalon-tokenizer");
      try {
        return action.apply(folder);
      } finally {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.toList()) {
            Files.deleteIfExists(file);
          }
        }
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new DataException(
          "a temporary folder for the tokenizer could not be used ("
              + e
              + "); check that the disk has room",
          e);
    }
  }
}
