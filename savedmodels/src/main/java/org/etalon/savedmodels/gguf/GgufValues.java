package org.etalon.savedmodels.gguf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the values of a GGUF file's metadata. */
final class GgufValues {
  /** Types of values, with the bytes that one takes at least. */
  enum Kind {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    STRING(8, 8),
    ARRAY(9, 12),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    private final int number;
    private final int leastBytes;

    Kind(int number, int leastBytes) {
      this.number = number;
      this.leastBytes = leastBytes;
    }

    /** The type's number in a file. */
    int number() {
      return number;
    }
  }

  /**
   * Our choice: texts and integers kept of all arrays together; the largest vocabularies in use
   * have about a million with their merges.
   */
  static final int MAX_ITEMS = 1 << 22;

  private final GgufCursor in;
  private long items;

  GgufValues(GgufCursor in) {
    this.in = in;
  }

  /** The value of a key: its type, then itself. */
  GgufValue read(String key) throws IOException {
    Kind kind = kind(key);
    return kind == Kind.ARRAY ? array(key) : scalar(key, kind);
  }

  private Kind kind(String key) throws IOException {
    long number = in.u32("the type of " + key);
    if (number >= Kind.values().length) {
      throw in.malformed(key + ": there is no type of values with number " + number);
    }
    return Kind.values()[(int) number];
  }

  private GgufValue scalar(String key, Kind kind) throws IOException {
    return switch (kind) {
      case UINT8 -> new GgufValue.Whole(in.u8(key));
      case INT8 -> new GgufValue.Whole((byte) in.u8(key));
      case UINT16 -> new GgufValue.Whole(Short.toUnsignedInt(in.i16(key)));
      case INT16 -> new GgufValue.Whole(in.i16(key));
      case UINT32 -> new GgufValue.Whole(in.u32(key));
      case INT32 -> new GgufValue.Whole(in.i32(key));
      case UINT64 -> new GgufValue.Whole(in.count(key, Long.MAX_VALUE));
      case INT64 -> new GgufValue.Whole(in.i64(key));
      case FLOAT32 ->
          new GgufValue.Real(Double.parseDouble(Float.toString(Float.intBitsToFloat(in.i32(key)))));
      case FLOAT64 -> new GgufValue.Real(Double.longBitsToDouble(in.i64(key)));
      case BOOL -> new GgufValue.Flag(flag(key));
      case STRING -> new GgufValue.Text(in.text(key));
      case ARRAY -> throw new IllegalStateException("arrays are read elsewhere");
    };
  }

  private boolean flag(String key) throws IOException {
    int value = in.u8(key);
    if (value > 1) {
      throw in.malformed(key + ": expected true or false as 1 or 0, got " + value);
    }
    return value == 1;
  }

  private GgufValue array(String key) throws IOException {
    Kind kind = kind(key);
    if (kind == Kind.ARRAY) {
      throw in.malformed(key + ": expected an array of plain values, got an array of arrays");
    }
    long count = in.count("a length of " + key, in.remaining() / kind.leastBytes);
    if (kind != Kind.STRING && kind != Kind.INT32) {
      in.skip(count * kind.leastBytes, key);
      return new GgufValue.Skipped(kind.name(), count);
    }
    items += count;
    if (items > MAX_ITEMS) {
      throw in.malformed(
          key + ": expected at most " + MAX_ITEMS + " entries of all arrays together, got more");
    }
    if (kind == Kind.INT32) {
      List<Integer> numbers = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        numbers.add(in.i32(key));
      }
      return new GgufValue.Wholes(numbers);
    }
    List<String> texts = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      texts.add(in.text(key));
    }
    return new GgufValue.Texts(texts);
  }
}
