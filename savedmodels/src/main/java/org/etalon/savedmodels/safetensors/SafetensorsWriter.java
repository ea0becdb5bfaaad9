package org.etalon.savedmodels.safetensors;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes tensors as a safetensors stream: names, types and shapes first, then one tensor's values
 * at a time.
 */
public final class SafetensorsWriter {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int CHUNK = 1 << 14;
  private static final int ALIGNMENT = 8;
  private static final ImmutableList<Dtype> ORDER =
      ImmutableList.of(Dtype.F32, Dtype.BF16, Dtype.F16);

  private SafetensorsWriter() {}

  /** Writes header and values of float32 tensors; the same as with {@link Dtype#F32} for each. */
  public static void write(
      OutputStream out, Map<String, List<Long>> shapes, Function<String, float[]> values)
      throws IOException {
    write(out, shapes, name -> Dtype.F32, values);
  }

  /**
   * Writes header and values, in the order of the safetensors library, so that equal tensors are
   * equal files: wider and later element types first, then by name.
   *
   * @param shapes by name
   * @param dtypes how each tensor is stored; values are rounded to it
   * @param values gives each tensor's values, row-major; asked once per name
   * @throws IllegalArgumentException if a tensor's number of values does not fit its shape
   */
  public static void write(
      OutputStream out,
      Map<String, List<Long>> shapes,
      Function<String, Dtype> dtypes,
      Function<String, float[]> values)
      throws IOException {
    Map<String, List<Long>> ordered = ordered(shapes, dtypes);
    byte[] text = header(ordered, dtypes).getBytes(StandardCharsets.UTF_8);
    int padding = (ALIGNMENT - text.length % ALIGNMENT) % ALIGNMENT;
    out.write(little(Long.BYTES).putLong(text.length + padding).array());
    out.write(text);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.UTF_8));
    for (Map.Entry<String, List<Long>> tensor : ordered.entrySet()) {
      float[] data = values.apply(tensor.getKey());
      if (data.length != size(tensor.getValue())) {
        throw new IllegalArgumentException(
            "%s needs %d values of shape %s, got %d"
                .formatted(
                    tensor.getKey(), size(tensor.getValue()), tensor.getValue(), data.length));
      }
      write(out, dtypes.apply(tensor.getKey()), data);
    }
  }

  private static Map<String, List<Long>> ordered(
      Map<String, List<Long>> shapes, Function<String, Dtype> dtypes) {
    Map<String, List<Long>> ordered = new LinkedHashMap<>();
    shapes.keySet().stream()
        .sorted(
            Comparator.comparing((String name) -> ORDER.indexOf(dtypes.apply(name)))
                .thenComparing(Comparator.naturalOrder()))
        .forEach(name -> ordered.put(name, shapes.get(name)));
    return ordered;
  }

  private static String header(Map<String, List<Long>> shapes, Function<String, Dtype> dtypes)
      throws IOException {
    ObjectNode header = MAPPER.createObjectNode();
    // Hugging Face transformers refuses a file that does not say which framework's layout it has.
    header.putObject("__metadata__").put("format", "pt");
    long end = 0;
    for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
      Dtype dtype = dtypes.apply(tensor.getKey());
      ObjectNode node = header.putObject(tensor.getKey());
      node.put("dtype", dtype.name());
      tensor.getValue().forEach(node.putArray("shape")::add);
      long begin = end;
      end = Math.addExact(begin, Math.multiplyExact(size(tensor.getValue()), dtype.bytes()));
      node.putArray("data_offsets").add(begin).add(end);
    }
    return MAPPER.writeValueAsString(header);
  }

  private static void write(OutputStream out, Dtype dtype, float[] data) throws IOException {
    byte[] bytes = new byte[CHUNK * dtype.bytes()];
    ByteBuffer chunk = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < data.length; from += CHUNK) {
      dtype.write(data, from, Math.min(CHUNK, data.length - from), chunk.clear());
      out.write(bytes, 0, chunk.position());
    }
  }

  private static long size(List<Long> shape) {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
