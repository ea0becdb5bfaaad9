package org.etalon.savedmodels.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.etalon.data.DataException;

/**
 * Reads a GGUF header's fields one after another. Nothing is allocated for a length before the file
 * is known to hold that many bytes.
 */
final class GgufCursor {
  /** Our choice: the largest headers in use, of 250,000 tokens, have about 15 MB. */
  static final long MAX_HEADER = 1L << 28;

  /** Our choice: the longest texts in use, whole tokenizers, have about 20 MB. */
  static final int MAX_TEXT = 1 << 26;

  private static final int WINDOW = 1 << 16;

  private final String file;
  private final FileChannel channel;
  private final long size;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
  private long windowStart;

  GgufCursor(String file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
    window.limit(0);
  }

  /** Bytes read so far. */
  long position() {
    return windowStart + window.position();
  }

  /** Bytes after them that may belong to the header. */
  long remaining() {
    return Math.min(size, MAX_HEADER) - position();
  }

  long size() {
    return size;
  }

  int u8(String what) throws IOException {
    return need(Byte.BYTES, what).get() & 0xff;
  }

  short i16(String what) throws IOException {
    return need(Short.BYTES, what).getShort();
  }

  int i32(String what) throws IOException {
    return need(Integer.BYTES, what).getInt();
  }

  long u32(String what) throws IOException {
    return Integer.toUnsignedLong(i32(what));
  }

  long i64(String what) throws IOException {
    return need(Long.BYTES, what).getLong();
  }

  /** An unsigned 64-bit number of at most {@code most}. */
  long count(String what, long most) throws IOException {
    long value = i64(what);
    if (value < 0 || value > most) {
      throw malformed(
          "expected %s of at most %d, got %s".formatted(what, most, Long.toUnsignedString(value)));
    }
    return value;
  }

  /** A length and that many bytes of UTF-8. */
  String text(String what) throws IOException {
    int length = textLength(what);
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, WINDOW);
      need(part, what).get(bytes, done, part);
      done += part;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DataException(
          file + ": malformed GGUF: " + what + " is not UTF-8; write or download the file again",
          e);
    }
  }

  private int textLength(String what) throws IOException {
    long length = i64(what);
    if (length < 0 || length > Math.min(MAX_TEXT, remaining())) {
      throw malformed(
          "%s: expected a length of at most %d bytes, got %s"
              .formatted(what, Math.min(MAX_TEXT, remaining()), Long.toUnsignedString(length)));
    }
    return (int) length;
  }

  void skip(long bytes, String what) throws IOException {
    if (bytes > remaining()) {
      throw cut(what);
    }
    long to = position() + bytes;
    if (to <= windowStart + window.limit()) {
      window.position((int) (to - windowStart));
    } else {
      windowStart = to;
      window.position(0).limit(0);
    }
  }

  DataException malformed(String what) {
    return new DataException(
        file + ": malformed GGUF: " + what + "; write or download the file again");
  }

  private DataException cut(String what) {
    return malformed(
        size > MAX_HEADER
            ? what + " lies beyond the first " + MAX_HEADER + " bytes, more than a header has"
            : "the file ends within " + what);
  }

  /** The window with at least {@code bytes} unread, at most its size. */
  private ByteBuffer need(int bytes, String what) throws IOException {
    if (window.remaining() >= bytes) {
      return window;
    }
    if (bytes > remaining()) {
      throw cut(what);
    }
    windowStart = position();
    window.clear();
    while (window.position() < bytes) {
      if (channel.read(window, windowStart + window.position()) < 0) {
        throw cut(what);
      }
    }
    return window.flip();
  }
}
