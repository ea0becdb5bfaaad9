package org.etalon.savedmodels.gguf;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a tensor's values are stored. Quantised types hold blocks of 32 or 256 values of one row.
 * Source of numbers and sizes: {@code ggml.h} and {@code ggml-common.h} of llama.cpp.
 */
public enum GgufType {
  F32(0, 1, 4, 0),
  F16(1, 1, 2, 1),
  Q4_0(2, 32, 18, 2),
  Q4_1(3, 32, 20, 3),
  Q5_0(6, 32, 22, 8),
  Q5_1(7, 32, 24, 9),
  Q8_0(8, 32, 34, 7),
  Q2_K(10, 256, 84, 10),
  Q3_K(11, 256, 110, 12),
  Q4_K(12, 256, 144, 15),
  Q5_K(13, 256, 176, 17),
  Q6_K(14, 256, 210, 18),
  BF16(30, 1, 2, 32);

  /** Types that exist and are not read, so that they can be refused by name. */
  private static final ImmutableMap<Integer, String> OTHERS =
      ImmutableMap.<Integer, String>builder()
          .put(9, "Q8_1")
          .put(15, "Q8_K")
          .put(16, "IQ2_XXS")
          .put(17, "IQ2_XS")
          .put(18, "IQ3_XXS")
          .put(19, "IQ1_S")
          .put(20, "IQ4_NL")
          .put(21, "IQ3_S")
          .put(22, "IQ2_S")
          .put(23, "IQ4_XS")
          .put(24, "I8")
          .put(25, "I16")
          .put(26, "I32")
          .put(27, "I64")
          .put(28, "F64")
          .put(29, "IQ1_M")
          .put(34, "TQ1_0")
          .put(35, "TQ2_0")
          .put(39, "MXFP4")
          .put(40, "NVFP4")
          .put(41, "Q1_0")
          .buildOrThrow();

  private final int id;
  private final int blockSize;
  private final int blockBytes;
  private final int fileType;

  GgufType(int id, int blockSize, int blockBytes, int fileType) {
    this.id = id;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
    this.fileType = fileType;
  }

  /** The type with a number in a file, if it is one that can be read. */
  static Optional<GgufType> of(long id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }

  /** A type that cannot be read, by name where it has one. */
  static String nameOf(long id) {
    return id >= 0 && id <= Integer.MAX_VALUE && OTHERS.containsKey((int) id)
        ? OTHERS.get((int) id)
        : "number " + id;
  }

  /** Every type that can be read, for messages. */
  static String list() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  /** The type's number in a file. */
  int id() {
    return id;
  }

  /** Values in a block. */
  public int blockSize() {
    return blockSize;
  }

  /** Bytes of a block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** The value of {@code general.file_type} for a model whose matrices are mostly of this type. */
  int fileType() {
    return fileType;
  }
}
