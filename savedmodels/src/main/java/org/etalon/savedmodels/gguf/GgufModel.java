package org.etalon.savedmodels.gguf;

import com.google.common.collect.Sets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.etalon.data.DataException;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;

/**
 * A model in a GGUF file, seen as Etalon sees models: Hugging Face's names and order of rows,
 * float32 values, Hugging Face's tokenizer files.
 */
public final class GgufModel {
  private final Path path;
  private final GgufFile file;
  private final ModelConfig config;
  private final GgufTokenizer tokenizer;
  private final Map<String, ParameterSpec> parameters = new LinkedHashMap<>();

  private GgufModel(Path path, GgufFile file) {
    this.path = path;
    this.file = file;
    this.config = GgufConfig.read(file);
    this.tokenizer = new GgufTokenizer(file.metadata(), config.vocabulary());
  }

  /**
   * Opens a model: reads its configuration, tokenizer and the names and shapes of its weights, no
   * values.
   *
   * @throws DataException naming the file and what is malformed, missing or not computed here
   */
  public static GgufModel open(Path path) {
    GgufModel model = new GgufModel(path, GgufFile.open(path));
    model.checkWeights();
    return model;
  }

  private void checkWeights() {
    int layers = config.layers();
    if (layers > file.names().size()) {
      throw new DataException(
          "%s: block_count: expected at most one block a tensor, got %d of %d tensors"
              .formatted(path, layers, file.names().size()));
    }
    Set<String> expected = new LinkedHashSet<>();
    for (ParameterSpec parameter : config.parameters()) {
      parameters.put(parameter.name(), parameter);
      expected.add(GgufNames.of(parameter.name()));
    }
    Set<String> found = new LinkedHashSet<>(file.names());
    if (config.architecture() == Architecture.LLAMA) {
      found.remove(GgufNames.ROPE_FACTORS);
    }
    for (String missing : Sets.difference(expected, found)) {
      throw new DataException(path + ": tensor " + missing + " is missing; use a complete file");
    }
    for (String extra : Sets.difference(found, expected)) {
      throw new DataException(
          path + ": tensor " + extra + " is not part of this architecture; use a plain model");
    }
    for (ParameterSpec parameter : parameters.values()) {
      List<Long> shape = file.tensor(GgufNames.of(parameter.name())).shape();
      if (!shape.equals(parameter.dims())) {
        throw new DataException(
            "%s: tensor %s: expected shape %s by the metadata, got %s; convert the model again"
                .formatted(path, GgufNames.of(parameter.name()), parameter.dims(), shape));
      }
    }
  }

  public ModelConfig config() {
    return config;
  }

  /**
   * One weight's values by its Hugging Face name, row-major, read from disk at each call.
   *
   * @throws DataException if the model has no such weight or the file cannot be read
   */
  public float[] weight(String name) {
    ParameterSpec parameter = parameters.get(name);
    if (parameter == null) {
      throw new DataException(path + ": the model has no weight " + name);
    }
    float[] values = file.floats(GgufNames.of(name));
    int heads = GgufNames.interleavedHeads(config, parameter);
    return heads == 0 ? values : GgufNames.halves(values, heads, config.headDim());
  }

  /** Texts of the tokenizer's files. */
  public TokenizerTexts tokenizerFiles() {
    return tokenizer.texts();
  }

  /** Token that ends a response. */
  public int eosId() {
    return tokenizer.eosId();
  }

  /** Token that opens a text, if the model has one. */
  public OptionalInt bosId() {
    return tokenizer.bosId();
  }

  /** Token that fills rows, if the model has one. */
  public OptionalInt padId() {
    return tokenizer.padId();
  }
}
