package org.etalon.data.grade.code;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.InflaterInputStream;
import org.etalon.data.DataException;

/**
 * Reads LiveCodeBench's private tests: base64 of zlib of a pickled string. A pickle is a program;
 * here only the six instructions that make up one string are known, and every other is refused.
 */
final class PickledText {
  /** Our choice: bounds what a row can make of memory. */
  static final int MOST_BYTES = 256 << 20;

  private static final int PROTO = 0x80;
  private static final int FRAME = 0x95;
  private static final int MEMOIZE = 0x94;
  private static final int PUT = 'q';
  private static final int LONG_PUT = 'r';
  private static final int STOP = '.';
  private static final int SHORT_TEXT = 0x8c;
  private static final int TEXT = 'X';
  private static final int LONG_TEXT = 0x8d;

  private final String place;
  private final ByteBuffer pickle;

  private PickledText(String place, byte[] pickle) {
    this.place = place;
    this.pickle = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The string.
   *
   * @throws DataException starting with {@code place} if the text is anything else, or if it is
   *     larger than {@code mostBytes}
   */
  static String decode(String text, String place, int mostBytes) {
    byte[] packed;
    try {
      packed = Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw wrong(place, "base64", e.getMessage());
    }
    byte[] bytes;
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      bytes = in.readNBytes(mostBytes + 1);
    } catch (IOException e) {
      throw wrong(place, "zlib data in base64", e.getMessage());
    }
    if (bytes.length > mostBytes) {
      throw wrong(place, "at most " + mostBytes + " bytes when unpacked", "more");
    }
    return new PickledText(place, bytes).read();
  }

  private String read() {
    String found = null;
    while (pickle.hasRemaining()) {
      int code = pickle.get() & 0xff;
      switch (code) {
        case PROTO, PUT -> skip(1);
        case LONG_PUT -> skip(4);
        case FRAME -> skip(8);
        case MEMOIZE -> {}
        case SHORT_TEXT, TEXT, LONG_TEXT -> {
          if (found != null) {
            throw wrong(place, "one pickled string", "two");
          }
          found = text(length(code));
        }
        case STOP -> {
          if (found == null || pickle.hasRemaining()) {
            throw wrong(place, "one pickled string", found == null ? "none" : "more after it");
          }
          return found;
        }
        default ->
            throw wrong(
                place,
                "one pickled string",
                "the pickle instruction 0x" + Integer.toHexString(code));
      }
    }
    throw wrong(place, "one pickled string", "a pickle that is cut off");
  }

  private long length(int code) {
    int size = code == SHORT_TEXT ? 1 : code == TEXT ? 4 : 8;
    need(size);
    return switch (size) {
      case 1 -> pickle.get() & 0xff;
      case 4 -> pickle.getInt() & 0xffffffffL;
      default -> pickle.getLong();
    };
  }

  private String text(long length) {
    need(length);
    ByteBuffer bytes = pickle.slice(pickle.position(), (int) length);
    skip((int) length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw wrong(place, "a string of Unicode text", "bytes that are not UTF-8");
    }
  }

  private void skip(int count) {
    need(count);
    pickle.position(pickle.position() + count);
  }

  private void need(long count) {
    if (count < 0 || count > pickle.remaining()) {
      throw wrong(place, "one pickled string", "a pickle that is cut off");
    }
  }

  private static DataException wrong(String place, String expected, String got) {
    return new DataException(
        place + ": expected " + expected + ", got " + got + "; download the file again");
  }
}
