package org.etalon.savedmodels.gguf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;

/**
 * What a GGUF file says before its values: metadata, and for each tensor its type, shape and place.
 * The places must follow one another, padded to the alignment, as llama.cpp demands too. Source:
 * the format's description in ggml's {@code docs/gguf.md}.
 */
record GgufHeader(Map<String, GgufValue> metadata, Map<String, GgufTensor> tensors) {
  static final String ALIGNMENT = "general.alignment";
  static final int DEFAULT_ALIGNMENT = 32;

  private static final int MAGIC = 'G' | ('G' << 8) | ('U' << 16) | ('F' << 24);
  private static final long MAX_ENTRIES = 1 << 16;
  private static final int MAX_DIMS = 4;
  private static final int MAX_NAME = 1 << 10;
  private static final int MAX_ALIGNMENT = 1 << 20;

  /**
   * Reads and checks a header.
   *
   * @throws DataException if it is malformed or does not fit the file
   */
  static GgufHeader read(String file, FileChannel channel) throws IOException {
    return new Reader(file, new GgufCursor(file, channel)).read();
  }

  /** A tensor before its place is known to fit. */
  private record Listed(String name, GgufType type, List<Long> shape, long offset, long bytes) {}

  private record Reader(String file, GgufCursor in) {
    GgufHeader read() throws IOException {
      checkMagic();
      long tensorCount = in.count("the number of tensors", MAX_ENTRIES);
      long valueCount = in.count("the number of metadata values", MAX_ENTRIES);
      GgufValues values = new GgufValues(in);
      Map<String, GgufValue> metadata = new LinkedHashMap<>();
      for (long i = 0; i < valueCount; i++) {
        String key = name("a metadata key");
        if (metadata.put(key, values.read(key)) != null) {
          throw in.malformed("metadata key " + key + " occurs twice");
        }
      }
      Map<String, Listed> listed = new LinkedHashMap<>();
      for (long i = 0; i < tensorCount; i++) {
        Listed tensor = tensor();
        if (listed.put(tensor.name(), tensor) != null) {
          throw in.malformed("tensor " + tensor.name() + " occurs twice");
        }
      }
      return new GgufHeader(metadata, placed(listed.values(), alignment(metadata)));
    }

    private void checkMagic() throws IOException {
      if (in.remaining() < Integer.BYTES || in.i32("the magic number") != MAGIC) {
        throw new DataException(
            file + ": not a GGUF file: it does not begin with \"GGUF\"; name another file");
      }
      long version = in.u32("the version");
      if (version != 2 && version != 3) {
        String kind =
            (version & 0xffff) == 0 && version != 0 ? "a big-endian file" : "version " + version;
        throw new DataException(
            file
                + ": expected GGUF version 2 or 3, little-endian, got "
                + kind
                + "; convert it with llama.cpp");
      }
    }

    private String name(String what) throws IOException {
      String name = in.text(what);
      if (name.isEmpty() || name.length() > MAX_NAME) {
        throw in.malformed(
            "expected %s of 1 to %d characters, got %d".formatted(what, MAX_NAME, name.length()));
      }
      return name;
    }

    private Listed tensor() throws IOException {
      String name = name("a tensor's name");
      long count = in.u32("the dimensions of " + name);
      if (count < 1 || count > MAX_DIMS) {
        throw in.malformed(
            "tensor %s: expected 1 to %d dimensions, got %d".formatted(name, MAX_DIMS, count));
      }
      Long[] shape = new Long[(int) count];
      for (int i = 0; i < count; i++) {
        // A file lists the fastest dimension first.
        shape[(int) count - 1 - i] = in.count("a dimension of " + name, Long.MAX_VALUE);
      }
      GgufType type = type(name, in.u32("the type of " + name));
      long bytes = bytes(name, type, shape);
      return new Listed(
          name,
          type,
          Arrays.asList(shape),
          in.count("the offset of " + name, Long.MAX_VALUE),
          bytes);
    }

    private GgufType type(String name, long id) {
      return GgufType.of(id)
          .orElseThrow(
              () ->
                  new DataException(
                      "%s: tensor %s: expected one of %s, got %s; use a file of another quantisation"
                          .formatted(file, name, GgufType.list(), GgufType.nameOf(id))));
    }

    private long bytes(String name, GgufType type, Long[] shape) {
      long row = shape[shape.length - 1];
      if (Arrays.asList(shape).contains(0L) || row % type.blockSize() != 0) {
        throw in.malformed(
            "tensor %s: expected rows of a multiple of %d values of %s, got shape %s"
                .formatted(name, type.blockSize(), type, Arrays.toString(shape)));
      }
      try {
        long values = 1;
        for (long size : shape) {
          values = Math.multiplyExact(values, size);
        }
        return Math.multiplyExact(values / type.blockSize(), type.blockBytes());
      } catch (ArithmeticException e) {
        throw in.malformed("tensor " + name + ": shape " + Arrays.toString(shape) + " overflows");
      }
    }

    private int alignment(Map<String, GgufValue> metadata) {
      GgufValue value = metadata.get(ALIGNMENT);
      if (value == null) {
        return DEFAULT_ALIGNMENT;
      }
      if (value instanceof GgufValue.Whole whole
          && whole.value() > 0
          && whole.value() <= MAX_ALIGNMENT
          && Long.bitCount(whole.value()) == 1) {
        return (int) whole.value();
      }
      throw in.malformed(
          ALIGNMENT + ": expected a power of two up to " + MAX_ALIGNMENT + ", got another value");
    }

    private Map<String, GgufTensor> placed(Iterable<Listed> listed, int alignment) {
      long start = padded(in.position(), alignment);
      Map<String, GgufTensor> tensors = new LinkedHashMap<>();
      long expected = 0;
      long end = in.position();
      for (Listed tensor : listed) {
        if (tensor.offset() != expected) {
          throw in.malformed(
              "tensor %s begins at byte %d of the data, expected %d: %s"
                  .formatted(
                      tensor.name(),
                      tensor.offset(),
                      expected,
                      tensor.offset() < expected ? "tensors overlap" : "there is a hole"));
        }
        // Written so that nothing can overflow: a file's size is a long too.
        if (tensor.bytes() > in.size() - start - tensor.offset()) {
          throw in.malformed(
              "tensor %s needs %d bytes from byte %d on, the file has %d in all"
                  .formatted(tensor.name(), tensor.bytes(), start + tensor.offset(), in.size()));
        }
        long begin = start + tensor.offset();
        tensors.put(
            tensor.name(),
            new GgufTensor(tensor.name(), tensor.type(), tensor.shape(), begin, tensor.bytes()));
        end = begin + tensor.bytes();
        expected = padded(tensor.offset() + tensor.bytes(), alignment);
      }
      if (in.size() > padded(end, alignment)) {
        throw in.malformed(
            "the header describes %d bytes, the file has %d"
                .formatted(padded(end, alignment), in.size()));
      }
      return tensors;
    }
  }

  /** The next multiple of an alignment. */
  static long padded(long bytes, int alignment) {
    return (bytes + alignment - 1) / alignment * alignment;
  }
}
