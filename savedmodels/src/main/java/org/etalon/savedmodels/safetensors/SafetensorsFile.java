package org.etalon.savedmodels.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.etalon.data.DataException;

/**
 * A safetensors file for reading. Opening checks the whole header and reads no values; values are
 * mapped into memory one tensor at a time, so a file may be larger than the heap.
 */
public final class SafetensorsFile {
  /** Largest header that is read, as the format's reference reader has it. */
  static final long MAX_HEADER = 100_000_000;

  private static final int LENGTH_BYTES = 8;
  private static final long WINDOW = 1L << 28;

  private final Path file;
  private final long dataStart;
  private final Map<String, TensorEntry> entries = new LinkedHashMap<>();

  private SafetensorsFile(Path file, long dataStart, List<TensorEntry> entries) {
    this.file = file;
    this.dataStart = dataStart;
    entries.forEach(entry -> this.entries.put(entry.name(), entry));
  }

  /**
   * Reads and checks a header.
   *
   * @throws DataException naming the file if it is missing, cut, or not a well-formed safetensors
   *     file of F32, F16 and BF16 tensors
   */
  public static SafetensorsFile open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer length = read(channel, 0, (int) Math.min(LENGTH_BYTES, size));
      if (size < LENGTH_BYTES) {
        throw new DataException(file + ": not a safetensors file: it has only " + size + " bytes");
      }
      long headerBytes = length.getLong();
      if (headerBytes < 2 || headerBytes > MAX_HEADER || headerBytes > size - LENGTH_BYTES) {
        throw new DataException(
            "%s: not a safetensors file: expected a header of 2 to %d bytes, its length field says %s"
                .formatted(
                    file,
                    Math.min(MAX_HEADER, size - LENGTH_BYTES),
                    Long.toUnsignedString(headerBytes)));
      }
      String json = utf8(file, read(channel, LENGTH_BYTES, (int) headerBytes));
      long start = LENGTH_BYTES + headerBytes;
      return new SafetensorsFile(
          file, start, SafetensorsHeader.parse(file.toString(), json, size - start));
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }

  /** Names of all tensors, in the order of their places. */
  public Set<String> names() {
    return Set.copyOf(entries.keySet());
  }

  /**
   * One tensor's type and shape.
   *
   * @throws DataException if the file has no such tensor
   */
  public TensorEntry entry(String name) {
    TensorEntry entry = entries.get(name);
    if (entry == null) {
      throw new DataException(file + ": has no tensor " + name);
    }
    return entry;
  }

  /**
   * One tensor's values, row-major.
   *
   * @throws DataException if the file has no such tensor, or it has more elements than an array
   */
  public float[] floats(String name) {
    TensorEntry entry = entry(name);
    if (entry.size() > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "%s: tensor %s has %d elements, more than one array holds"
              .formatted(file, name, entry.size()));
    }
    float[] values = new float[(int) entry.size()];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < dataStart + entry.end()) {
        throw new DataException(file + ": was cut after it was opened");
      }
      for (long at = entry.begin(); at < entry.end(); at += WINDOW) {
        long bytes = Math.min(WINDOW, entry.end() - at);
        ByteBuffer window =
            channel
                .map(FileChannel.MapMode.READ_ONLY, dataStart + at, bytes)
                .order(ByteOrder.LITTLE_ENDIAN);
        entry.dtype().read(window, values, (int) ((at - entry.begin()) / entry.dtype().bytes()));
      }
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
    return values;
  }

  private static ByteBuffer read(FileChannel channel, long from, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {}
    return buffer.flip();
  }

  private static String utf8(Path file, ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new DataException(file + ": malformed safetensors: its header is not UTF-8", e);
    }
  }
}
