package org.etalon.data.problem;

import com.google.common.base.Utf8;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.etalon.data.DataException;

/**
 * Lines of a UTF-8 file, read in constant memory and refused at the first byte that is not UTF-8. A
 * file whose name ends in {@code .gz} is unpacked while it is read.
 */
public final class Utf8Lines implements Closeable {
  /** Our choice: 64 MiB, far above a 64K-token trace, far below what fills the heap. */
  public static final int MAX_LINE_BYTES = 64 << 20;

  private final Path file;
  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private byte[] line = new byte[1 << 12];
  private long number;

  /**
   * Opens a file.
   *
   * @throws DataException if it cannot be opened
   */
  public Utf8Lines(Path file) {
    this.file = file;
    if (Files.isDirectory(file)) {
      throw new DataException(
          file + ": expected a JSONL file, got a folder; name the file inside it");
    }
    try {
      InputStream bytes = Files.newInputStream(file);
      boolean packed = file.toString().endsWith(".gz");
      this.in = packed ? unpacked(bytes) : bytes;
    } catch (IOException e) {
      throw new DataException(
          file + ": cannot be opened (" + e + "); check the path and its permissions", e);
    }
  }

  private static InputStream unpacked(InputStream packed) throws IOException {
    try {
      return new GZIPInputStream(packed, 1 << 16);
    } catch (IOException e) {
      packed.close();
      throw e;
    }
  }

  /**
   * The next line without its line break, or null at the end of the file.
   *
   * @throws DataException naming file and line of what is no UTF-8 or too long
   */
  public String next() {
    byte[] bytes = nextBytes();
    if (bytes == null) {
      return null;
    }
    requireUtf8(bytes, place());
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * The next line without its line break, not yet known to be UTF-8, or null at the end of the
   * file.
   *
   * @throws DataException naming file and line of what is too long or starts with a byte order mark
   */
  public byte[] nextBytes() {
    int length = readLine();
    if (length < 0) {
      return null;
    }
    number++;
    if (number == 1 && startsWithMark(length)) {
      throw new DataException(
          place() + ": expected UTF-8 without a byte order mark; save the file without the mark");
    }
    return Arrays.copyOf(line, length);
  }

  /**
   * Refuses bytes that are not UTF-8.
   *
   * @param place what the complaint starts with
   * @throws DataException if they are not
   */
  public static void requireUtf8(byte[] line, String place) {
    if (!Utf8.isWellFormed(line)) {
      throw new DataException(
          place + ": expected UTF-8, got bytes that are not; convert the file to UTF-8");
    }
  }

  /** File and line of what {@link #next} returned last. */
  public String place() {
    return file + ":" + number;
  }

  /** One-based number of the line {@link #next} returned last. */
  public long number() {
    return number;
  }

  private boolean startsWithMark(int length) {
    return length >= 3
        && line[0] == (byte) 0xEF
        && line[1] == (byte) 0xBB
        && line[2] == (byte) 0xBF;
  }

  private int readLine() {
    int length = 0;
    boolean any = false;
    while (true) {
      if (position == limit && !fill()) {
        return any ? length : -1;
      }
      any = true;
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      int count = end - position;
      if (length + count > MAX_LINE_BYTES) {
        number++;
        throw new DataException(
            place()
                + ": expected a line of at most "
                + MAX_LINE_BYTES
                + " bytes, got a longer one; split it, one problem per line");
      }
      if (length + count > line.length) {
        line = Arrays.copyOf(line, Math.max(length + count, line.length * 2));
      }
      System.arraycopy(buffer, position, line, length, count);
      length += count;
      position = end;
      if (end < limit) {
        position++;
        return length;
      }
    }
  }

  private boolean fill() {
    try {
      position = 0;
      limit = Math.max(0, in.read(buffer));
      return limit > 0;
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
