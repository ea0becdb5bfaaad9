package org.etalon.savedmodels.folder;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.savedmodels.safetensors.Dtype;
import org.etalon.savedmodels.safetensors.SafetensorsFile;

/**
 * A model as a folder in Hugging Face's layout: {@code config.json}, {@code
 * generation_config.json}, {@code model.safetensors} or several such files with an index, and the
 * tokenizer's files. Stages hand models on in this form, and Hugging Face transformers loads it as
 * it is.
 */
public final class ModelFolder {
  private static final int MAX_CONFIG = 1 << 20;
  private static final String HEAD = "lm_head.weight";
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final HashFunction HASH = Hashing.sha256();

  private final Path folder;
  private final ModelConfig config;
  private final WeightFiles weights;
  private final String configText;
  private final Optional<String> generationText;

  private ModelFolder(
      Path folder,
      ModelConfig config,
      WeightFiles weights,
      String configText,
      Optional<String> generationText) {
    this.folder = folder;
    this.config = config;
    this.weights = weights;
    this.configText = configText;
    this.generationText = generationText;
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
    write(folder, config, weight, tokenizer, ExportOptions.defaults());
  }

  /** The same with a choice of element type, files' sizes, origin and model card. */
  public static void write(
      Path folder,
      ModelConfig config,
      Function<String, float[]> weight,
      TokenizerFile tokenizer,
      ExportOptions options) {
    new FolderWriter(folder, config, weight, tokenizer, options).write();
  }

  /**
   * Opens a folder: reads its configuration and the names and shapes of its weights, no values.
   *
   * @throws DataException naming the file if something is missing, malformed or does not fit
   */
  public static ModelFolder open(Path folder) {
    Path configFile = folder.resolve(ConfigJson.FILE);
    String configText = TextFile.read(configFile, MAX_CONFIG);
    ModelConfig config = ConfigJson.read(configFile.toString(), configText);
    WeightFiles weights = WeightFiles.open(folder);
    // A configuration may claim any number of layers; each one has weights.
    if (config.layers() > weights.names().size()) {
      throw new DataException(
          "%s: %d layers need more than the %d tensors in the file; check num_hidden_layers in %s"
              .formatted(
                  weights.place(), config.layers(), weights.names().size(), ConfigJson.FILE));
    }
    ModelFolder model = new ModelFolder(folder, config, weights, configText, generation(folder));
    model.checkWeights();
    return model;
  }

  private static Optional<String> generation(Path folder) {
    Path file = folder.resolve(FolderWriter.GENERATION);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String text = TextFile.read(file, MAX_CONFIG);
    JsonFields.parse(file.toString(), text);
    return Optional.of(text);
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
    return weights.file(name).floats(name);
  }

  /**
   * Hands one weight's values on in small pieces, so that no array of them is held.
   *
   * @throws DataException if the model has no such weight or the file cannot be read
   */
  public void read(String name, SafetensorsFile.Sink sink) {
    weights.file(name).read(name, sink);
  }

  /** How one weight is stored. */
  public Dtype dtype(String name) {
    return weights.file(name).entry(name).dtype();
  }

  /** What comes back when this model is written again; see {@link ExportOptions#withOrigin}. */
  public Origin origin() {
    Map<String, Dtype> dtypes = new LinkedHashMap<>();
    config.parameters().forEach(spec -> dtypes.put(spec.name(), dtype(spec.name())));
    return new Origin(configText, generationText, dtypes);
  }

  /** Tokens that end a response by {@code generation_config.json}, or else {@code config.json}. */
  public ImmutableSet<Integer> stopIds() {
    Path generation = folder.resolve(FolderWriter.GENERATION);
    Path model = folder.resolve(ConfigJson.FILE);
    return generationText
        .map(text -> EndTokens.read(generation.toString(), text))
        .filter(ids -> !ids.isEmpty())
        .orElseGet(() -> EndTokens.read(model.toString(), configText));
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

  private void checkWeights() {
    Path place = weights.place();
    Set<String> expected = new TreeSet<>();
    for (ParameterSpec spec : config.parameters()) {
      expected.add(spec.name());
    }
    Set<String> found = new TreeSet<>(weights.names());
    // Older Llama folders store the rotary frequencies, which config.json gives.
    found.removeIf(
        name -> name.matches("model\\.layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq"));
    if (config.tied() && found.remove(HEAD) && !sameAsEmbedding()) {
      throw new DataException(
          place
              + ": "
              + HEAD
              + " differs from the embedding, but tie_word_embeddings is true in "
              + ConfigJson.FILE
              + "; set it to false");
    }
    refuseDifference(place.toString(), expected, found);
    for (ParameterSpec spec : config.parameters()) {
      List<Long> shape = weights.file(spec.name()).entry(spec.name()).shape();
      if (!shape.equals(spec.dims())) {
        throw new DataException(
            "%s: tensor %s: expected shape %s by %s, got %s"
                .formatted(place, spec.name(), spec.dims(), ConfigJson.FILE, shape));
      }
    }
  }

  /** Compares in pieces: a head can be the largest weight there is. */
  private boolean sameAsEmbedding() {
    if (!weights.names().contains(EMBEDDING)) {
      return true;
    }
    Hasher head = HASH.newHasher();
    weights.file(HEAD).read(HEAD, (from, piece, count) -> put(head, piece, count));
    Hasher embedding = HASH.newHasher();
    weights.file(EMBEDDING).read(EMBEDDING, (from, piece, count) -> put(embedding, piece, count));
    return head.hash().equals(embedding.hash());
  }

  private static void put(Hasher hasher, float[] piece, int count) {
    for (int i = 0; i < count; i++) {
      hasher.putInt(Float.floatToRawIntBits(piece[i]));
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
}
