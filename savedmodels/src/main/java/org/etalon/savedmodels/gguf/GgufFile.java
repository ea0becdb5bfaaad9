package org.etalon.savedmodels.gguf;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.etalon.data.DataException;

/**
 * A GGUF file for reading. Opening checks the whole header and reads no values; values are mapped
 * into memory and turned into float32 one tensor at a time, so a file may be larger than the heap.
 */
public final class GgufFile {
  /** Bytes mapped at once, about; blocks are never divided. */
  private static final int WINDOW = 1 << 28;

  private final Path file;
  private final GgufHeader header;

  private GgufFile(Path file, GgufHeader header) {
    this.file = file;
    this.header = header;
  }

  /**
   * Reads and checks a header.
   *
   * @throws DataException naming the file if it is missing, cut, malformed, or holds a tensor of a
   *     type that cannot be read
   */
  public static GgufFile open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new GgufFile(file, GgufHeader.read(file.toString(), channel));
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + "); name a GGUF file", e);
    }
  }

  /** Names of all tensors, in the order of their places. */
  public Set<String> names() {
    return ImmutableSet.copyOf(header.tensors().keySet());
  }

  /**
   * One tensor's type and shape.
   *
   * @throws DataException if the file has no such tensor
   */
  public GgufTensor tensor(String name) {
    GgufTensor tensor = header.tensors().get(name);
    if (tensor == null) {
      throw new DataException(file + ": has no tensor " + name);
    }
    return tensor;
  }

  /** The metadata. */
  GgufMetadata metadata() {
    return new GgufMetadata(file.toString(), header.metadata());
  }

  /**
   * One tensor's values, row-major.
   *
   * @throws DataException if the file has no such tensor, or it has more values than an array
   */
  public float[] floats(String name) {
    GgufTensor tensor = tensor(name);
    if (tensor.size() > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "%s: tensor %s has %d values, more than one array holds"
              .formatted(file, name, tensor.size()));
    }
    float[] values = new float[(int) tensor.size()];
    GgufType type = tensor.type();
    long window = WINDOW / type.blockBytes() * (long) type.blockBytes();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < tensor.begin() + tensor.bytes()) {
        throw new DataException(file + ": was cut after it was opened");
      }
      for (long at = 0; at < tensor.bytes(); at += window) {
        ByteBuffer blocks =
            channel.map(
                FileChannel.MapMode.READ_ONLY,
                tensor.begin() + at,
                Math.min(window, tensor.bytes() - at));
        int to = (int) (at / type.blockBytes() * type.blockSize());
        Dequantiser.read(type, blocks, values, to);
      }
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
    return values;
  }
}
