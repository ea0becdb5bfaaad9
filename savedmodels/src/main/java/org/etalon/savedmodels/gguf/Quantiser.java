package org.etalon.savedmodels.gguf;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.etalon.data.DataException;

/**
 * Stores float32 values as F32, F16, BF16 or Q8_0, rounded as llama.cpp and gguf-py do: 16-bit
 * types to the nearest, ties to even; Q8_0 with d = max|x|/127 and q = x/d, ties away from zero.
 */
final class Quantiser {
  private static final int CHUNK_BLOCKS = 1 << 12;
  private static final float MOST_Q8 = 127;

  private Quantiser() {}

  /** Whether a type can be written. */
  static boolean writes(GgufType type) {
    return switch (type) {
      case F32, F16, BF16, Q8_0 -> true;
      default -> false;
    };
  }

  /**
   * Writes values in whole blocks.
   *
   * @param name names the tensor in errors
   * @throws DataException if a value is not finite or too large for the type
   */
  static void write(OutputStream out, String name, GgufType type, float[] values)
      throws IOException {
    byte[] bytes = new byte[CHUNK_BLOCKS * type.blockBytes()];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += type.blockSize()) {
      if (!buffer.hasRemaining()) {
        out.write(bytes, 0, buffer.position());
        buffer.clear();
      }
      block(buffer, name, type, values, from);
    }
    out.write(bytes, 0, buffer.position());
  }

  private static void block(ByteBuffer out, String name, GgufType type, float[] values, int from) {
    float first = finite(name, type, values[from], values[from]);
    switch (type) {
      case F32 -> out.putFloat(first);
      case F16 -> out.putShort(half(name, type, first));
      case BF16 -> {
        int bits = Float.floatToRawIntBits(first);
        int rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
        finite(name, type, Float.intBitsToFloat(rounded << 16), first);
        out.putShort((short) rounded);
      }
      case Q8_0 -> eightBits(out, name, values, from);
      default -> throw new IllegalArgumentException(type + " is not written");
    }
  }

  private static void eightBits(ByteBuffer out, String name, float[] values, int from) {
    int size = GgufType.Q8_0.blockSize();
    float most = 0;
    for (int i = from; i < from + size; i++) {
      most = Math.max(most, Math.abs(finite(name, GgufType.Q8_0, values[i], values[i])));
    }
    float d = most / MOST_Q8;
    out.putShort(half(name, GgufType.Q8_0, d));
    float inverse = 1 / d;
    // A scale this small is stored as zero, whatever the integers are.
    inverse = Float.isInfinite(inverse) ? 0 : inverse;
    for (int i = from; i < from + size; i++) {
      float q = values[i] * inverse;
      float magnitude = Math.abs(q);
      float whole = (float) Math.floor(magnitude);
      float rounded = whole + (float) Math.floor(2 * (magnitude - whole));
      out.put((byte) (q < 0 ? -rounded : rounded));
    }
  }

  private static short half(String name, GgufType type, float value) {
    short bits = Half.ofFloat(value);
    finite(name, type, Half.toFloat(bits), value);
    return bits;
  }

  /** A stored value, if it is finite. */
  private static float finite(String name, GgufType type, float stored, float value) {
    if (!Float.isFinite(stored)) {
      throw new DataException(
          Float.isFinite(value)
              ? "%s holds %s, too large for %s; export as BF16 or F32".formatted(name, value, type)
              : "%s holds %s; the model has diverged, use an older one".formatted(name, value));
    }
    return stored;
  }
}
