package org.etalon.training.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;

/** A strict reader of JSON lines: every fault is named by file, line and field. */
final class JsonLines {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonLines() {}

  /**
   * One line.
   *
   * @param place file and line, for errors
   * @param id its own, or {@code line-N}
   */
  record Line(String place, String id, JsonNode node) {
    boolean has(String field) {
      return node.has(field);
    }

    String text(String field) {
      JsonNode value = node.path(field);
      if (!value.isTextual()) {
        throw wrong(field, "a text", value);
      }
      return value.asText();
    }

    /** Token ids, at least {@code least} of them and all below {@code vocabulary}. */
    int[] ids(String field, int vocabulary, int least) {
      JsonNode value = node.path(field);
      String expected = "a list of at least " + least + " token ids below " + vocabulary;
      if (!value.isArray() || value.size() < least) {
        throw wrong(field, expected, value);
      }
      int[] ids = new int[value.size()];
      for (int i = 0; i < ids.length; i++) {
        JsonNode id = value.get(i);
        if (!id.canConvertToInt()
            || !id.isIntegralNumber()
            || id.asInt() < 0
            || id.asInt() >= vocabulary) {
          throw wrong(field + "[" + i + "]", expected, id);
        }
        ids[i] = id.asInt();
      }
      return ids;
    }

    DataException wrong(String field, String expected, JsonNode got) {
      String shown = got.isMissingNode() ? "nothing" : got.toString();
      return new DataException(
          place
              + ": field \""
              + field
              + "\": expected "
              + expected
              + ", got "
              + shown.substring(0, Math.min(shown.length(), 60))
              + "; correct the line");
    }
  }

  /**
   * Every line of a file.
   *
   * @param fields what a line may hold besides {@code id}; exactly one of them must be there
   */
  static List<Line> read(Path file, Set<String> fields) {
    ImmutableList.Builder<Line> lines = ImmutableList.builder();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      int number = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        number++;
        lines.add(parse(file + ":" + number, number, text, fields));
      }
    } catch (IOException e) {
      throw new DataException(
          file + ": cannot be read (" + e + "); name a UTF-8 file of JSON lines", e);
    }
    List<Line> all = lines.build();
    if (all.isEmpty()) {
      throw new DataException(file + ": expected at least one line, got an empty file; add one");
    }
    return all;
  }

  private static Line parse(String place, int number, String text, Set<String> fields) {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new DataException(place + ": not JSON: " + e.getOriginalMessage(), e);
    }
    if (!node.isObject()) {
      throw new DataException(place + ": expected a JSON object; write one a line");
    }
    Set<String> known = ImmutableSet.<String>builder().add("id").addAll(fields).build();
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new DataException(
            place
                + ": unknown field \""
                + name
                + "\""
                + NearestName.of(name, known)
                    .map(meant -> "; did you mean \"" + meant + "\"?")
                    .orElse("; known are " + String.join(", ", known)));
      }
    }
    if (fields.stream().filter(node::has).count() != 1) {
      throw new DataException(
          place
              + ": expected exactly one of "
              + fields.stream().map(f -> "\"" + f + "\"").collect(Collectors.joining(", "))
              + "; give the line one of them");
    }
    Line line = new Line(place, "line-" + number, node);
    return node.has("id") ? new Line(place, line.text("id"), node) : line;
  }
}
