package org.etalon.data.builtin;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Seeded random choices for one problem.
 *
 * <p>Our choice: {@link Random}, because its algorithm is part of the JDK's specification, seeded
 * by a hash of a text, so that equal texts give equal problems on every machine.
 */
final class Draw {
  private final Random random;

  Draw(String seedText) {
    random = new Random(hash(seedText));
  }

  /** A stable 64-bit hash of a text. */
  static long hash(String text) {
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).asLong();
  }

  /** Uniform among the integers from {@code low} to {@code high}, both included. */
  int in(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** Uniform in size from {@code low} to {@code high}, with either sign. */
  int signed(int low, int high) {
    int size = in(low, high);
    return random.nextBoolean() ? size : -size;
  }

  Random random() {
    return random;
  }
}
