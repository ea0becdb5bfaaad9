package org.etalon.savedmodels.safetensors;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * One tensor of a safetensors file.
 *
 * @param name its name
 * @param dtype how its elements are stored
 * @param shape its dimensions; none for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end byte after its last
 */
public record TensorEntry(String name, Dtype dtype, List<Long> shape, long begin, long end) {
  public TensorEntry {
    shape = ImmutableList.copyOf(shape);
  }

  /** Number of elements. */
  public long size() {
    return (end - begin) / dtype.bytes();
  }
}
