package org.etalon.training.policy;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/** Seeds that depend only on the run's seed, a purpose and a step: a resumed run draws the same. */
public final class Seeds {
  private Seeds() {}

  /** The seed for one purpose at one step. */
  public static long of(long seed, String purpose, long step) {
    return Hashing.murmur3_128()
        .newHasher()
        .putLong(seed)
        .putString(purpose, StandardCharsets.UTF_8)
        .putLong(step)
        .hash()
        .asLong();
  }
}
