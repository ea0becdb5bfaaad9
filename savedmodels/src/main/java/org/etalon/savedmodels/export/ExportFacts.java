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

/**
 * What an exported version is, and the SHA-256 of each of its files: {@code saved_model.pb} has no
 * checksum of its own, and TensorFlow checks those of the weights only as it reads them. The file
 * covers itself by a digest on its last line.
 *
 * @param config the model
 * @param stopIds tokens that end a row
 * @param padId what fills a row after its end
 * @param facts whatever the exporting program wanted to keep
 * @param sha256 hash of every other file, by path relative to the version folder
 */
record ExportFacts(
    ModelConfig config,
    List<Integer> stopIds,
    int padId,
    Map<String, JsonNode> facts,
    Map<String, String> sha256) {
  static final String FILE = "assets.extra/model.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .addMixIn(RopeScaling.class, RopeScalingByName.class)
          .build();

  private static final String END = "\n}";
  private static final String DIGEST = ",\n  \"digest\" : \"";

  ExportFacts {
    stopIds = ImmutableList.copyOf(stopIds);
    facts = ImmutableMap.copyOf(facts);
    sha256 = ImmutableMap.copyOf(sha256);
  }

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
  static ExportFacts of(SavedModelExporter exporter, Map<String, ?> facts, Path folder) {
    Map<String, JsonNode> nodes = new TreeMap<>();
    facts.forEach((name, value) -> nodes.put(name, JSON.valueToTree(value)));
    return new ExportFacts(
        exporter.config(), exporter.stopIds(), exporter.padId(), nodes, hashes(folder));
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
    ExportFacts facts = read(folder.resolve(FILE));
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

  private static ExportFacts read(Path file) {
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
