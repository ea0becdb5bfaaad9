package org.etalon.savedmodels.export;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.RopeScaling;
import org.etalon.graph.WeightType;
import org.etalon.graph.decode.GenerateGraph;

/**
 * What an exported version is, and the SHA-256 of each of its files: {@code saved_model.pb} has no
 * checksum of its own, and TensorFlow checks those of the weights only as it reads them. The file
 * covers itself by a digest on its last line.
 *
 * @param config the model
 * @param weightType how its matrices are held
 * @param xla whether there is a second graph that XLA compiles, with the tags serve and xla
 * @param stopIds tokens that end a row
 * @param padId what fills a row after its end
 * @param finishReasons what the codes of {@code finish_reason} mean, from 0 up
 * @param limits what a request may ask for
 * @param signatures what the graphs take and give
 * @param facts whatever the exporting program wanted to keep, e.g. the run and its configuration
 * @param sha256 hash of every other file, by path relative to the version folder
 */
record ExportFacts(
    ModelConfig config,
    WeightType weightType,
    boolean xla,
    List<Integer> stopIds,
    int padId,
    List<String> finishReasons,
    Limits limits,
    Map<String, SignatureFacts> signatures,
    Map<String, JsonNode> facts,
    Map<String, String> sha256) {
  static final String FILE = "assets.extra/model.json";

  static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .addMixIn(RopeScaling.class, RopeScalingByName.class)
          .build();

  /** By {@link GenerateGraph#STOP} and {@link GenerateGraph#LENGTH}. */
  private static final ImmutableList<String> FINISH_REASONS = ImmutableList.of("stop", "length");

  private static final String END = "\n}";
  private static final String DIGEST = ",\n  \"digest\" : \"";

  ExportFacts {
    stopIds = ImmutableList.copyOf(stopIds);
    finishReasons = ImmutableList.copyOf(finishReasons);
    signatures = ImmutableMap.copyOf(signatures);
    facts = ImmutableMap.copyOf(facts);
    sha256 = ImmutableMap.copyOf(sha256);
  }

  /**
   * What a request may ask for.
   *
   * @param positions most tokens of a prompt and its response together; a response ends there
   * @param vocabulary token ids are from 0 to one less
   * @param batch rows that the batching file gathers; the graph itself takes any number
   */
  record Limits(int positions, int vocabulary, int batch) {}

  /** The scalings by the names that Hugging Face gives them. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "rope_type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = RopeScaling.None.class, name = "default"),
    @JsonSubTypes.Type(value = RopeScaling.Linear.class, name = "linear"),
    @JsonSubTypes.Type(value = RopeScaling.Llama3.class, name = "llama3"),
    @JsonSubTypes.Type(value = RopeScaling.Yarn.class, name = "yarn")
  })
  private interface RopeScalingByName {}

  /** The facts of a folder whose other files are complete. */
  static ExportFacts of(
      SavedModelExporter exporter,
      Map<String, SignatureFacts> signatures,
      Map<String, ?> facts,
      Path folder) {
    Map<String, JsonNode> nodes = new TreeMap<>();
    facts.forEach((name, value) -> nodes.put(name, JSON.valueToTree(value)));
    ModelConfig config = exporter.config();
    return new ExportFacts(
        config,
        exporter.weightType(),
        exporter.xla(),
        exporter.stopIds(),
        exporter.padId(),
        FINISH_REASONS,
        new Limits(config.maxPositions(), config.vocabulary(), ServingFiles.MAX_BATCH),
        signatures,
        nodes,
        hashes(folder));
  }

  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(FILE), seal(JSON.writeValueAsString(this)));
  }

  /**
   * Reads a folder's facts and checks every file they name.
   *
   * @throws DataException naming the file that is missing, cut or changed
   */
  static ExportFacts verified(Path folder) {
    ExportFacts facts = read(folder);
    for (Map.Entry<String, String> expected : facts.sha256.entrySet()) {
      Path file = folder.resolve(expected.getKey()).normalize();
      if (!file.startsWith(folder.normalize()) || !Files.isRegularFile(file)) {
        throw new DataException(file + ": is missing; export the model again");
      }
      if (!hash(file).equals(expected.getValue())) {
        throw new DataException(
            file
                + ": is damaged, its SHA-256 is not the one in "
                + FILE
                + "; export the model again");
      }
    }
    return facts;
  }

  /**
   * Reads a folder's facts alone.
   *
   * @throws DataException if they are missing or damaged
   */
  static ExportFacts read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          file + ": is missing; name a version folder that etalon export wrote");
    }
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      int end = text.lastIndexOf(DIGEST);
      String json = end < 0 ? "" : text.substring(0, end) + END;
      if (end < 0 || !seal(json).equals(text)) {
        throw new DataException(
            file + ": is damaged, its digest does not match; export the model again");
      }
      return JSON.readValue(json, ExportFacts.class);
    } catch (JsonProcessingException e) {
      throw new DataException(file + ": not of this version: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }

  /** Appends the digest of all that stands before it as the last field. */
  private static String seal(String json) {
    String head = json.substring(0, json.length() - END.length());
    return head
        + DIGEST
        + Hashing.sha256().hashString(head, StandardCharsets.UTF_8)
        + "\""
        + END
        + "\n";
  }

  private static Map<String, String> hashes(Path folder) {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.filter(Files::isRegularFile)
          .forEach(
              file ->
                  hashes.put(folder.relativize(file).toString().replace('\\', '/'), hash(file)));
    } catch (IOException e) {
      throw new DataException(folder + ": cannot be read (" + e + ")", e);
    }
    hashes.remove(FILE);
    return hashes;
  }

  private static String hash(Path file) {
    try {
      return MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }
}
