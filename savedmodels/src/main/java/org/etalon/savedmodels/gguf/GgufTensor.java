package org.etalon.savedmodels.gguf;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * One tensor of a GGUF file.
 *
 * @param name its name, llama.cpp's
 * @param type how its values are stored
 * @param shape its dimensions, slowest first as everywhere in Etalon; a file lists them the other
 *     way round
 * @param begin first byte, counted from the file's start
 * @param bytes size in the file
 */
public record GgufTensor(String name, GgufType type, List<Long> shape, long begin, long bytes) {
  public GgufTensor {
    shape = ImmutableList.copyOf(shape);
  }

  /** Number of values. */
  public long size() {
    return bytes / type.blockBytes() * type.blockSize();
  }
}
