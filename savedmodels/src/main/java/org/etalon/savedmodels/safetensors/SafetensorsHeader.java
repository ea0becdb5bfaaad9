package org.etalon.savedmodels.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;

/**
 * The JSON header of a safetensors file: for each tensor its type, shape and place. The places must
 * tile the data, so that no byte is hidden and none is read twice.
 */
final class SafetensorsHeader {
  private static final String METADATA = "__metadata__";
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String file;

  private SafetensorsHeader(String file) {
    this.file = file;
  }

  /**
   * The entries in the order of their places.
   *
   * @param file named in errors
   * @param dataBytes bytes after the header
   * @throws DataException if the header is malformed or does not fit the data
   */
  static List<TensorEntry> parse(String file, String json, long dataBytes) {
    SafetensorsHeader header = new SafetensorsHeader(file);
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw header.malformed("its header is not JSON: " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw header.malformed("expected its header to be a JSON object");
    }
    List<TensorEntry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!field.getKey().equals(METADATA)) {
        entries.add(header.entry(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end));
    header.checkTiling(entries, dataBytes);
    return List.copyOf(entries);
  }

  private TensorEntry entry(String name, JsonNode node) {
    if (!node.isObject() || node.size() != 3) {
      throw malformed("tensor " + name + " must have exactly dtype, shape and data_offsets");
    }
    Dtype dtype = dtype(name, node.path("dtype").asText());
    List<Long> shape = longs(name, "shape", node.path("shape"));
    List<Long> place = longs(name, "data_offsets", node.path("data_offsets"));
    if (place.size() != 2 || place.get(0) > place.get(1)) {
      throw malformed(
          "tensor " + name + ": expected data_offsets of a begin and an end, got " + place);
    }
    long bytes = place.get(1) - place.get(0);
    if (bytes != bytes(name, dtype, shape)) {
      throw malformed(
          "tensor %s: shape %s of %s needs %d bytes, data_offsets give %d"
              .formatted(name, shape, dtype, bytes(name, dtype, shape), bytes));
    }
    return new TensorEntry(name, dtype, shape, place.get(0), place.get(1));
  }

  private Dtype dtype(String name, String text) {
    return Arrays.stream(Dtype.values())
        .filter(d -> d.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "%s: tensor %s: expected dtype F32, F16 or BF16, got '%s'; convert the weights"
                        .formatted(file, name, text)));
  }

  private List<Long> longs(String name, String field, JsonNode node) {
    if (!node.isArray()) {
      throw malformed("tensor " + name + ": expected " + field + " to be a list of integers");
    }
    List<Long> values = new ArrayList<>();
    for (JsonNode value : node) {
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
        throw malformed(
            "tensor " + name + ": expected non-negative integers in " + field + ", got " + value);
      }
      values.add(value.asLong());
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
      throw malformed("tensor " + name + ": shape " + shape + " overflows");
    }
  }

  private void checkTiling(List<TensorEntry> entries, long dataBytes) {
    long end = 0;
    for (TensorEntry entry : entries) {
      if (entry.begin() != end) {
        throw malformed(
            "tensor %s begins at byte %d of the data, expected %d: %s"
                .formatted(
                    entry.name(),
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

  private DataException malformed(String what) {
    return new DataException(
        file + ": malformed safetensors: " + what + "; write or download the file again");
  }
}
