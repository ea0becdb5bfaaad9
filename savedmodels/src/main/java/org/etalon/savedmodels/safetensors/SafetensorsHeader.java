package org.etalon.savedmodels.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.etalon.data.DataException;

/**
 * The JSON header of a safetensors file: for each tensor its type, shape and place. The places must
 * tile the data, so that no byte is hidden and none is read twice. The header is read as a stream
 * and everything in it is counted, so that memory stays small whatever the file claims.
 */
final class SafetensorsHeader {
  /** Our choice: the largest published models have some ten thousand tensors in one file. */
  static final int MAX_TENSORS = 200_000;

  /** Our choice: entries of the free-text metadata. */
  static final int MAX_METADATA = 10_000;

  private static final int MAX_RANK = 16;
  private static final int MAX_NAME = 1_000;
  private static final String METADATA = "__metadata__";

  /** Names are not shared between files: a table of them is a place for hostile ones to pile up. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final String file;
  private final JsonParser parser;

  private SafetensorsHeader(String file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /**
   * The entries in the order of their places.
   *
   * @param file named in errors
   * @param json the header; closed
   * @param dataBytes bytes after the header
   * @throws DataException if the header is malformed or does not fit the data
   * @throws IOException if the header cannot be read
   */
  static List<TensorEntry> parse(String file, Reader json, long dataBytes) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      SafetensorsHeader header = new SafetensorsHeader(file, parser);
      List<TensorEntry> entries = header.entries();
      entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end));
      header.checkTiling(entries, dataBytes);
      return List.copyOf(entries);
    } catch (JsonProcessingException e) {
      throw malformed(file, "its header is not JSON: " + shown(e.getOriginalMessage()));
    }
  }

  private List<TensorEntry> entries() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw malformed("expected its header to be a JSON object");
    }
    List<TensorEntry> entries = new ArrayList<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals(METADATA)) {
        skipMetadata(value);
        continue;
      }
      if (name.length() > MAX_NAME || entries.size() == MAX_TENSORS) {
        throw malformed(
            "expected at most %d tensors with names of at most %d characters"
                .formatted(MAX_TENSORS, MAX_NAME));
      }
      entries.add(entry(name, value));
    }
    if (parser.nextToken() != null) {
      throw malformed("its header is not JSON: something follows the object");
    }
    return entries;
  }

  /** Free text of the writer: from strings to strings, and nothing here depends on it. */
  private void skipMetadata(JsonToken value) throws IOException {
    boolean texts = value == JsonToken.START_OBJECT;
    for (int count = 0; texts && parser.nextToken() == JsonToken.FIELD_NAME; count++) {
      if (count == MAX_METADATA) {
        throw malformed("expected at most " + MAX_METADATA + " entries in " + METADATA);
      }
      texts = parser.nextToken() == JsonToken.VALUE_STRING;
    }
    if (!texts) {
      throw malformed("expected " + METADATA + " to map names to texts");
    }
  }

  private TensorEntry entry(String name, JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      throw incomplete(name);
    }
    Dtype dtype = null;
    List<Long> shape = null;
    List<Long> place = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "dtype" -> dtype = dtype(name);
        case "shape" -> shape = longs(name, field, MAX_RANK);
        case "data_offsets" -> place = longs(name, field, 2);
        default -> throw incomplete(name);
      }
    }
    if (dtype == null || shape == null || place == null) {
      throw incomplete(name);
    }
    return entry(name, dtype, shape, place);
  }

  private TensorEntry entry(String name, Dtype dtype, List<Long> shape, List<Long> place) {
    if (place.size() != 2 || place.get(0) > place.get(1)) {
      throw malformed(
          "tensor " + shown(name) + ": expected data_offsets of a begin and an end, got " + place);
    }
    long bytes = place.get(1) - place.get(0);
    if (bytes != bytes(name, dtype, shape)) {
      throw malformed(
          "tensor %s: shape %s of %s needs %d bytes, data_offsets give %d"
              .formatted(shown(name), shape, dtype, bytes(name, dtype, shape), bytes));
    }
    return new TensorEntry(name, dtype, shape, place.get(0), place.get(1));
  }

  private DataException incomplete(String name) {
    return malformed("tensor " + shown(name) + " must have exactly dtype, shape and data_offsets");
  }

  private Dtype dtype(String name) throws IOException {
    String text = parser.hasToken(JsonToken.VALUE_STRING) ? parser.getText() : "no text";
    return Arrays.stream(Dtype.values())
        .filter(d -> d.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "%s: tensor %s: expected dtype F32, F16 or BF16, got '%s'; convert the weights"
                        .formatted(file, shown(name), shown(text))));
  }

  private List<Long> longs(String name, String field, int most) throws IOException {
    if (!parser.hasToken(JsonToken.START_ARRAY)) {
      throw malformed(
          "tensor " + shown(name) + ": expected " + field + " to be a list of integers");
    }
    List<Long> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean whole =
          parser.hasToken(JsonToken.VALUE_NUMBER_INT)
              && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      if (!whole || parser.getLongValue() < 0) {
        throw malformed(
            "tensor %s: expected non-negative integers in %s, got %s"
                .formatted(shown(name), field, shown(parser.getText())));
      }
      if (values.size() == most) {
        throw malformed(
            "tensor %s: expected at most %d integers in %s".formatted(shown(name), most, field));
      }
      values.add(parser.getLongValue());
    }
    return values;
  }

  private long bytes(String name, Dtype dtype, List<Long> shape) {
    try {
      long bytes = dtype.bytes();
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw malformed("tensor " + shown(name) + ": shape " + shape + " overflows");
    }
  }

  private void checkTiling(List<TensorEntry> entries, long dataBytes) {
    long end = 0;
    for (TensorEntry entry : entries) {
      if (entry.begin() != end) {
        throw malformed(
            "tensor %s begins at byte %d of the data, expected %d: %s"
                .formatted(
                    shown(entry.name()),
                    entry.begin(),
                    end,
                    entry.begin() < end ? "tensors overlap" : "there is a hole"));
      }
      end = entry.end();
    }
    if (end != dataBytes) {
      throw malformed(
          "the header describes %d bytes of data, the file holds %d".formatted(end, dataBytes));
    }
  }

  /** Text of the file in a message: one line, and not longer than a reader wants. */
  static String shown(String text) {
    String start = text.length() > 120 ? text.substring(0, 120) + "…" : text;
    return start.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
  }

  private DataException malformed(String what) {
    return malformed(file, what);
  }

  static DataException malformed(String file, String what) {
    return new DataException(
        file + ": malformed safetensors: " + what + "; write or download the file again");
  }
}
