package org.etalon.savedmodels.folder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.etalon.data.DataException;

/**
 * The index of weights that are spread over several files: which file holds which tensor.
 *
 * @param shards tensors by file name
 */
record ShardIndex(Map<String, Set<String>> shards) {
  static final String FILE = "model.safetensors.index.json";
  static final int MAX_TENSORS = 200_000;
  static final int MAX_SHARDS = 10_000;

  private static final int MAX_NAME = 1_000;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  ShardIndex {
    shards = ImmutableMap.copyOf(shards);
  }

  /**
   * Reads an index.
   *
   * @param file named in errors
   * @throws DataException if it is malformed or names a file that is not plainly in its folder
   */
  static ShardIndex parse(String file, String text) {
    Map<String, Set<String>> shards = null;
    try (JsonParser parser = JSON.createParser(new StringReader(text))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed(file, "expected a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "weight_map" -> shards = shards(file, parser);
          case "metadata" -> {
            // Sizes for display; the files themselves say how large they are.
            if (value != JsonToken.START_OBJECT) {
              throw malformed(file, "expected metadata to be an object");
            }
            parser.skipChildren();
          }
          default ->
              throw malformed(
                  file,
                  "unknown field "
                      + JsonFields.shown(field)
                      + ", expected metadata and weight_map");
        }
      }
      if (parser.nextToken() != null) {
        throw malformed(file, "not JSON: something follows the object");
      }
    } catch (JsonProcessingException e) {
      throw malformed(file, "not JSON: " + JsonFields.shown(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new IllegalStateException("a string must be readable", e);
    }
    if (shards == null || shards.isEmpty()) {
      throw malformed(file, "expected weight_map to name a file for each tensor");
    }
    return new ShardIndex(shards);
  }

  private static Map<String, Set<String>> shards(String file, JsonParser parser)
      throws IOException {
    if (!parser.hasToken(JsonToken.START_OBJECT)) {
      throw malformed(file, "expected weight_map to be an object");
    }
    Map<String, Set<String>> shards = new TreeMap<>();
    int count = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String tensor = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw malformed(
            file, "weight_map." + JsonFields.shown(tensor) + ": expected the name of a file");
      }
      String shard = parser.getText();
      refuseElsewhere(file, shard);
      shards.computeIfAbsent(shard, name -> new TreeSet<>()).add(tensor);
      if (++count > MAX_TENSORS || shards.size() > MAX_SHARDS || tensor.length() > MAX_NAME) {
        throw malformed(
            file,
            "expected at most %d tensors with names of at most %d characters in %d files"
                .formatted(MAX_TENSORS, MAX_NAME, MAX_SHARDS));
      }
    }
    return shards;
  }

  /** Our choice of what a plain name is: whatever a path could be made of is left out. */
  private static void refuseElsewhere(String file, String shard) {
    if (!shard.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors")) {
      throw malformed(
          file,
          "expected the plain name of a .safetensors file in the same folder, got "
              + JsonFields.shown(shard));
    }
  }

  private static DataException malformed(String file, String what) {
    return new DataException(
        file + ": malformed index of weights: " + what + "; download the file again");
  }

  /**
   * The text of an index.
   *
   * @param files file name of each tensor
   * @param bytes size of all tensors together
   */
  static String write(Map<String, String> files, long bytes) {
    ObjectNode node = JsonFields.newObject();
    node.putObject("metadata").put("total_size", bytes);
    ObjectNode map = node.putObject("weight_map");
    files.forEach(map::put);
    return JsonFields.text(node);
  }
}
