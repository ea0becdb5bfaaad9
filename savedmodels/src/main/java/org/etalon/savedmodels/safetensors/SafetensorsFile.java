package org.etalon.savedmodels.safetensors;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.etalon.data.DataException;

/**
 * A safetensors file for reading. Opening checks the whole header and reads no values; values are
 * read through one small buffer, so a file may be larger than the heap.
 *
 * <p>Our choice: reads instead of a memory map. A mapped page stays resident until the collector
 * finds its buffer, which would count a second copy of the weights; and a file that is cut while it
 * is mapped kills the process instead of giving an error.
 */
public final class SafetensorsFile {
  /** Largest header that is read, as the format's reference reader has it. */
  static final long MAX_HEADER = 100_000_000;

  private static final int LENGTH_BYTES = 8;
  private static final int WINDOW = 1 << 20;

  private final Path file;
  private final long dataStart;
  private final Map<String, TensorEntry> entries = new LinkedHashMap<>();

  /** Takes a tensor's values piece by piece. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes one piece.
     *
     * @param from index of the first element, row-major
     * @param values the elements, in its first {@code count} places; overwritten by the next piece
     */
    void accept(long from, float[] values, int count);
  }

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
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new DataException(file + ": expected a file; name a safetensors file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < LENGTH_BYTES) {
        throw new DataException(file + ": not a safetensors file: it has only " + size + " bytes");
      }
      ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      fill(channel, length, 0);
      long headerBytes = length.getLong(0);
      if (headerBytes < 2 || headerBytes > MAX_HEADER || headerBytes > size - LENGTH_BYTES) {
        throw new DataException(
            "%s: not a safetensors file: expected a header of 2 to %d bytes, its length field says %s"
                .formatted(
                    file,
                    Math.min(MAX_HEADER, size - LENGTH_BYTES),
                    Long.toUnsignedString(headerBytes)));
      }
      long start = LENGTH_BYTES + headerBytes;
      Reader header = header(channel.position(LENGTH_BYTES), headerBytes);
      return new SafetensorsFile(
          file, start, SafetensorsHeader.parse(file.toString(), header, size - start));
    } catch (CharacterCodingException e) {
      throw new DataException(file + ": malformed safetensors: its header is not UTF-8", e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }

  /** Names of all tensors, in the order of their places. */
  public Set<String> names() {
    return ImmutableSet.copyOf(entries.keySet());
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
    read(name, (from, piece, count) -> System.arraycopy(piece, 0, values, (int) from, count));
    return values;
  }

  /**
   * Hands a tensor's values on in pieces of at most a megabyte of the file.
   *
   * @throws DataException if the file has no such tensor or cannot be read
   */
  public void read(String name, Sink sink) {
    TensorEntry entry = entry(name);
    Dtype dtype = entry.dtype();
    int most = (int) Math.min(WINDOW, entry.end() - entry.begin());
    ByteBuffer window = ByteBuffer.allocateDirect(most).order(ByteOrder.LITTLE_ENDIAN);
    float[] piece = new float[most / dtype.bytes()];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (long at = entry.begin(); at < entry.end(); at += most) {
        window.clear().limit((int) Math.min(most, entry.end() - at));
        fill(channel, window, dataStart + at);
        int count = window.flip().remaining() / dtype.bytes();
        dtype.read(window, piece);
        sink.accept((at - entry.begin()) / dtype.bytes(), piece, count);
      }
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }

  /** Jackson would take UTF-16 and wrong UTF-8 for granted; a decoder of ours refuses both. */
  private static Reader header(FileChannel channel, long bytes) {
    return new InputStreamReader(
        ByteStreams.limit(Channels.newInputStream(channel), bytes),
        StandardCharsets.UTF_8.newDecoder());
  }

  private static void fill(FileChannel channel, ByteBuffer buffer, long from) throws IOException {
    long at = from;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        throw new IOException("it was cut after it was opened");
      }
      at += read;
    }
  }
}
