package org.etalon.training.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.etalon.data.DataException;

/**
 * The resolved configuration of a run: every key has a value, every value is in range.
 *
 * @param seed of everything random
 * @param xla whether graph functions are compiled
 * @param threads CPU threads, 0 for all
 * @param products how matrices are multiplied
 * @param device where variables are and steps run
 * @param gpu how a GPU is used
 * @param attention how whole rows attend
 * @param attentionBlock tokens that longer rows attend to at a time, 0 for never in blocks
 * @param memory what happens when a run is predicted not to fit
 * @param fleet servers that draw responses
 * @param data problem sets
 * @param model start model
 * @param grader of responses
 * @param sft spectrum phase
 * @param probe scoring of checkpoints
 * @param fuse fusion of specialists
 * @param mgpo signal phase
 * @param eval held-out evaluation
 * @param export SavedModel export
 */
public record Configuration(
    long seed,
    Xla xla,
    int threads,
    Precision products,
    DeviceChoice device,
    GpuSettings gpu,
    Attention attention,
    int attentionBlock,
    MemorySettings memory,
    FleetSettings fleet,
    DataSettings data,
    ModelSettings model,
    GraderSettings grader,
    SftSettings sft,
    ProbeSettings probe,
    FuseSettings fuse,
    MgpoSettings mgpo,
    EvalSettings eval,
    ExportSettings export) {

  private static final String DEFAULT = "/org/etalon/training/default.yaml";

  private static final JsonMapper READER = Binding.mapper();

  private static final YAMLMapper WRITER =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                  .build())
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .build();

  public Configuration {
    Check.atLeast("threads", "CPU threads (0 uses all)", threads, 0);
    Check.atLeast("attentionBlock", "tokens in a block of attention (0: never)", attentionBlock, 0);
    Check.that(
        attention != Attention.BLOCKS || attentionBlock > 0,
        "attentionBlock",
        "attention: blocks needs a block of 1 or more tokens, got 0");
    if (model.startsAtRandom()) {
      fits("probe.maxNewTokens", probe.maxNewTokens(), model);
      fits("eval.maxNewTokens", eval.maxNewTokens(), model);
      fits("export.maxNewTokens", export.maxNewTokens(), model);
      mgpo.stages().forEach(stage -> fits("mgpo.stages", stage.maxNewTokens(), model));
    }
  }

  /**
   * The default configuration overlaid by a file and then by overrides.
   *
   * @param file YAML with some of the keys, or empty
   * @param sets overrides {@code a.b=c}, applied in order
   * @throws DataException if a file cannot be read, or a key is unknown, repeated or out of range;
   *     the message names file and line or the override, the key and what was expected
   */
  public static Configuration load(Optional<Path> file, List<String> sets) {
    var overlay = new Overlay(LocatedYaml.parse("default.yaml", defaultYaml()));
    file.ifPresent(path -> overlay.apply(LocatedYaml.parse(path.toString(), read(path))));
    sets.forEach(overlay::set);
    return Binding.bind(READER, overlay);
  }

  /** The default configuration. */
  public static Configuration defaults() {
    return load(Optional.empty(), List.of());
  }

  /** The text of the commented default file. */
  public static String defaultYaml() {
    try (InputStream in = Configuration.class.getResourceAsStream(DEFAULT)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DataException(DEFAULT + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Every key with its value, in a form that {@link #load} reads back to an equal record. */
  public String toYaml() {
    try {
      return WRITER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a configuration must be writable", e);
    }
  }

  /** SHA-256 of {@link #toYaml}, in hexadecimal. */
  public String hash() {
    return Hashing.sha256().hashString(toYaml(), StandardCharsets.UTF_8).toString();
  }

  /** The keys whose values differ, each as {@code key (other there, this here)}. */
  public List<String> differencesFrom(Configuration other) {
    var here = new TreeMap<String, String>();
    var there = new TreeMap<String, String>();
    flatten("", WRITER.valueToTree(this), here);
    flatten("", WRITER.valueToTree(other), there);
    return here.keySet().stream()
        .filter(key -> !here.get(key).equals(there.get(key)))
        .map(key -> key + " (" + there.get(key) + " there, " + here.get(key) + " here)")
        .toList();
  }

  private static void flatten(String path, JsonNode node, Map<String, String> into) {
    if (!node.isObject()) {
      into.put(path, node.toString());
      return;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      flatten(key, entry.getValue(), into);
    }
  }

  private static String read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new DataException(
          "configuration file " + path + " does not exist; give an existing file by --config");
    }
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new DataException(
          "configuration file " + path + " cannot be read as UTF-8 text: " + e.getMessage(), e);
    }
  }

  private static void fits(String key, int maxNewTokens, ModelSettings model) {
    Check.that(
        maxNewTokens < model.maxPositions(),
        key,
        "longest response in tokens must be less than the "
            + model.maxPositions()
            + " of model.maxPositions, got "
            + maxNewTokens);
  }
}
