package org.etalon.savedmodels.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.savedmodels.gguf.GgufValues.Kind;

/**
 * Writes a GGUF file of version 3: metadata, names and shapes first, then one tensor's values at a
 * time.
 */
final class GgufWriter {
  private static final int VERSION = 3;
  private static final int ALIGNMENT = GgufHeader.DEFAULT_ALIGNMENT;

  /**
   * How a tensor is written.
   *
   * @param shape its dimensions, slowest first
   */
  record Plan(GgufType type, List<Long> shape) {
    long values() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }

    long bytes() {
      return Math.multiplyExact(values() / type.blockSize(), type.blockBytes());
    }
  }

  private final ByteArrayOutputStream header = new ByteArrayOutputStream();

  private GgufWriter() {}

  /**
   * Writes {@code target}, whole or not at all; an older file of the name is replaced.
   *
   * @param plans names, types and shapes in the order of writing
   * @param values gives each tensor's values, row-major; asked once per name, in order
   * @throws DataException if the disk refuses or a value cannot be stored
   */
  static void write(
      Path target,
      Map<String, GgufValue> metadata,
      Map<String, Plan> plans,
      Function<String, float[]> values) {
    GgufWriter writer = new GgufWriter();
    writer.header(metadata, plans);
    AtomicFile.write(
        target,
        out -> {
          writer.header.writeTo(out);
          pad(out, writer.header.size());
          for (Map.Entry<String, Plan> tensor : plans.entrySet()) {
            tensor(out, target + ": " + tensor.getKey(), tensor, values);
          }
        });
  }

  private static void tensor(
      OutputStream out,
      String name,
      Map.Entry<String, Plan> tensor,
      Function<String, float[]> values)
      throws IOException {
    Plan plan = tensor.getValue();
    float[] data = values.apply(tensor.getKey());
    if (data.length != plan.values()) {
      throw new IllegalArgumentException(
          "%s needs %d values of shape %s, got %d"
              .formatted(name, plan.values(), plan.shape(), data.length));
    }
    Quantiser.write(out, name, plan.type(), data);
    pad(out, plan.bytes());
  }

  private static void pad(OutputStream out, long written) throws IOException {
    out.write(new byte[(int) (GgufHeader.padded(written, ALIGNMENT) - written)]);
  }

  private void header(Map<String, GgufValue> metadata, Map<String, Plan> plans) {
    bytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    i32(VERSION);
    i64(plans.size());
    i64(metadata.size());
    metadata.forEach(
        (key, value) -> {
          text(key);
          value(value);
        });
    long offset = 0;
    for (Map.Entry<String, Plan> tensor : plans.entrySet()) {
      Plan plan = tensor.getValue();
      text(tensor.getKey());
      i32(plan.shape().size());
      for (int i = plan.shape().size() - 1; i >= 0; i--) {
        i64(plan.shape().get(i));
      }
      i32(plan.type().id());
      i64(offset);
      offset = GgufHeader.padded(Math.addExact(offset, plan.bytes()), ALIGNMENT);
    }
  }

  /** Integers as UINT32 and real numbers as FLOAT32, which is what llama.cpp expects. */
  private void value(GgufValue value) {
    if (value instanceof GgufValue.Whole whole) {
      i32(Kind.UINT32.number());
      i32(Math.toIntExact(whole.value()));
    } else if (value instanceof GgufValue.Real real) {
      i32(Kind.FLOAT32.number());
      i32(Float.floatToRawIntBits((float) real.value()));
    } else if (value instanceof GgufValue.Flag flag) {
      i32(Kind.BOOL.number());
      header.write(flag.value() ? 1 : 0);
    } else if (value instanceof GgufValue.Text text) {
      i32(Kind.STRING.number());
      text(text.value());
    } else if (value instanceof GgufValue.Texts texts) {
      array(Kind.STRING, texts.values().size());
      texts.values().forEach(this::text);
    } else if (value instanceof GgufValue.Wholes wholes) {
      array(Kind.INT32, wholes.values().size());
      wholes.values().forEach(this::i32);
    } else {
      throw new IllegalArgumentException("cannot write " + value);
    }
  }

  private void array(Kind kind, int count) {
    i32(Kind.ARRAY.number());
    i32(kind.number());
    i64(count);
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    i64(utf8.length);
    bytes(utf8);
  }

  private void i32(int value) {
    bytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void i64(long value) {
    bytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private void bytes(byte[] bytes) {
    header.writeBytes(bytes);
  }
}
