package org.etalon.savedmodels.folder;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.savedmodels.safetensors.SafetensorsFile;
import org.etalon.savedmodels.safetensors.SafetensorsWriter;

/**
 * A model as a folder in Hugging Face's layout: {@code config.json}, {@code
 * generation_config.json}, {@code model.safetensors} and the tokenizer's files. Stages hand models
 * on in this form, and Hugging Face transformers loads it as it is.
 */
public final class ModelFolder {
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String HEAD = "lm_head.weight";
  private static final String EMBEDDING = "model.embed_tokens.weight";

  private final Path folder;
  private final ModelConfig config;
  private final SafetensorsFile file;

  private ModelFolder(Path folder, ModelConfig config, SafetensorsFile file) {
    this.folder = folder;
    this.config = config;
    this.file = file;
  }

  /**
   * Writes a model as a new folder, whole or not at all.
   *
   * @param weights values by Hugging Face name, row-major
   * @param tokenizerFolder folder with the tokenizer's files, which are copied
   * @throws DataException if {@code folder} exists, the weights do not fit the configuration, the
   *     tokenizer is malformed or too large, or the disk refuses
   */
  public static void write(
      Path folder, ModelConfig config, Map<String, float[]> weights, Path tokenizerFolder) {
    try (TokenizerFile tokenizer = TokenizerFile.load(tokenizerFolder)) {
      write(folder, config, weights, tokenizer);
    }
  }

  /** The same with a tokenizer that is already loaded, the built-in one for example. */
  public static void write(
      Path folder, ModelConfig config, Map<String, float[]> weights, TokenizerFile tokenizer) {
    Set<String> expected = new TreeSet<>();
    config.parameters().forEach(spec -> expected.add(spec.name()));
    refuseDifference(folder.toString(), expected, weights.keySet());
    write(folder, config, weights::get, tokenizer);
  }

  /**
   * The same with weights produced one by one, so that only one is held.
   *
   * @param weight gives the values of each parameter; asked once per name, in the model's order
   */
  public static void write(
      Path folder, ModelConfig config, Function<String, float[]> weight, TokenizerFile tokenizer) {
    if (tokenizer.vocabSize() > config.vocabulary()) {
      throw new DataException(
          "%s: the tokenizer has %d tokens but the model's vocabulary is %d; use the model's own tokenizer"
              .formatted(folder, tokenizer.vocabSize(), config.vocabulary()));
    }
    String json = ConfigJson.write(config, tokenizer.eosId(), tokenizer.padId());
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    config.parameters().forEach(spec -> shapes.put(spec.name(), spec.dims()));
    NewFolder.write(
        folder,
        part -> {
          AtomicFile.write(
              part.resolve(WEIGHTS),
              out -> SafetensorsWriter.write(out, shapes, name -> finite(folder, name, weight)));
          Files.writeString(part.resolve(ConfigJson.FILE), json);
          Files.writeString(
              part.resolve("generation_config.json"),
              ConfigJson.writeGeneration(tokenizer.eosId(), tokenizer.padId()));
          tokenizer.copyTo(part);
        });
  }

  /**
   * Opens a folder: reads its configuration and the names and shapes of its weights, no values.
   *
   * @throws DataException naming the file if something is missing, malformed or does not fit
   */
  public static ModelFolder open(Path folder) {
    Path configFile = folder.resolve(ConfigJson.FILE);
    ModelConfig config = ConfigJson.read(configFile.toString(), text(configFile));
    Path weights = folder.resolve(WEIGHTS);
    if (!Files.exists(weights) && Files.exists(folder.resolve(INDEX))) {
      throw new DataException(
          folder.resolve(INDEX) + ": weights in several files; merge them into one " + WEIGHTS);
    }
    SafetensorsFile file = SafetensorsFile.open(weights);
    ModelFolder model = new ModelFolder(folder, config, file);
    model.checkWeights(weights);
    return model;
  }

  /** The folder. */
  public Path path() {
    return folder;
  }

  public ModelConfig config() {
    return config;
  }

  /**
   * One weight's values, row-major, read from disk at each call.
   *
   * @throws DataException if the model has no such weight or the file cannot be read
   */
  public float[] weight(String name) {
    return file.floats(name);
  }

  /** Every weight of the model by name, in the model's order. */
  public Map<String, float[]> weights() {
    Map<String, float[]> all = new LinkedHashMap<>();
    config.parameters().forEach(spec -> all.put(spec.name(), weight(spec.name())));
    return all;
  }

  /** Folder with the tokenizer's files: this one. */
  public Path tokenizerFolder() {
    return folder;
  }

  /** Loads the tokenizer; the caller closes. */
  public TokenizerFile tokenizer() {
    return TokenizerFile.load(folder);
  }

  private void checkWeights(Path weights) {
    Set<String> expected = new TreeSet<>();
    for (ParameterSpec spec : config.parameters()) {
      expected.add(spec.name());
    }
    Set<String> found = new TreeSet<>(file.names());
    if (config.tied() && found.remove(HEAD) && !Arrays.equals(weight(HEAD), weight(EMBEDDING))) {
      throw new DataException(
          weights
              + ": "
              + HEAD
              + " differs from the embedding, but tie_word_embeddings is true in "
              + ConfigJson.FILE
              + "; set it to false");
    }
    refuseDifference(weights.toString(), expected, found);
    for (ParameterSpec spec : config.parameters()) {
      List<Long> shape = file.entry(spec.name()).shape();
      if (!shape.equals(spec.dims())) {
        throw new DataException(
            "%s: tensor %s: expected shape %s by %s, got %s"
                .formatted(weights, spec.name(), spec.dims(), ConfigJson.FILE, shape));
      }
    }
  }

  private static void refuseDifference(String where, Set<String> expected, Set<String> found) {
    Set<String> missing = ImmutableSet.copyOf(Sets.difference(expected, found));
    Set<String> extra = ImmutableSet.copyOf(Sets.difference(found, expected));
    if (!missing.isEmpty() || !extra.isEmpty()) {
      throw new DataException(
          where
              + ": weights do not fit the configuration: missing "
              + shortened(missing)
              + ", not expected "
              + shortened(extra)
              + "; check the number of layers and whether the head is tied");
    }
  }

  private static String shortened(Set<String> names) {
    return names.isEmpty()
        ? "none"
        : names.iterator().next()
            + (names.size() > 1 ? " and " + (names.size() - 1) + " more" : "");
  }

  private static float[] finite(Path folder, String name, Function<String, float[]> weight) {
    float[] values = weight.apply(name);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new DataException(
            folder
                + ": "
                + name
                + " holds "
                + value
                + "; the model has diverged, use an older one");
      }
    }
    return values;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DataException(
          file + ": cannot be read (" + e + "); name a folder that holds a model", e);
    }
  }
}
