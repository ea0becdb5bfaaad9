package org.etalon.savedmodels.gguf;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** A value of a GGUF file's metadata. */
sealed interface GgufValue {
  /** Any integer type but unsigned 64-bit values of 2^63 and more, which are refused. */
  record Whole(long value) implements GgufValue {}

  /**
   * A float32 or float64. A float32 is taken for the shortest decimal that gives it, so that 1e-5
   * stays 1e-5.
   */
  record Real(double value) implements GgufValue {}

  record Flag(boolean value) implements GgufValue {}

  record Text(String value) implements GgufValue {}

  record Texts(List<String> values) implements GgufValue {
    public Texts {
      values = ImmutableList.copyOf(values);
    }
  }

  record Wholes(List<Integer> values) implements GgufValue {
    public Wholes {
      values = ImmutableList.copyOf(values);
    }
  }

  /** An array that nothing here reads: numbers that are not 32-bit integers, or flags. */
  record Skipped(String type, long count) implements GgufValue {}
}
