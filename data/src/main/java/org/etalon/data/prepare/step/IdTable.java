package org.etalon.data.prepare.step;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers ids in the order they come: 0, 1, 2, … Takes 20 to 45 bytes an id, whatever its length.
 *
 * <p>An id is known by a 128-bit hash; among 100 million ids two share one with a probability of
 * 10⁻²³.
 */
final class IdTable {
  private long[] keys = new long[128];
  private int[] slots = new int[128];
  private int size;

  /** How many ids there are. */
  int size() {
    return size;
  }

  /** The number of an id, or −1 if it has none. */
  int find(String id) {
    byte[] hash = hash(id);
    return slots[slot(slots, first(hash), second(hash))] - 1;
  }

  /** The number of an id, which it gets now if it has none. */
  int add(String id) {
    byte[] hash = hash(id);
    int slot = slot(slots, first(hash), second(hash));
    if (slots[slot] > 0) {
      return slots[slot] - 1;
    }
    if (2 * size + 2 > keys.length) {
      keys = Arrays.copyOf(keys, keys.length * 2);
    }
    keys[2 * size] = first(hash);
    keys[2 * size + 1] = second(hash);
    slots[slot] = ++size;
    if (size * 4L > slots.length * 3L) {
      grow();
    }
    return size - 1;
  }

  private void grow() {
    int[] larger = new int[slots.length * 2];
    for (int i = 0; i < size; i++) {
      larger[slot(larger, keys[2 * i], keys[2 * i + 1])] = i + 1;
    }
    slots = larger;
  }

  /** Where an id stands, or the free place where it belongs. */
  private int slot(int[] in, long first, long second) {
    int slot = (int) first & (in.length - 1);
    while (in[slot] > 0 && !(keys[2 * in[slot] - 2] == first && keys[2 * in[slot] - 1] == second)) {
      slot = (slot + 1) & (in.length - 1);
    }
    return slot;
  }

  private static byte[] hash(String id) {
    HashCode code = Hashing.murmur3_128().hashString(id, StandardCharsets.UTF_8);
    return code.asBytes();
  }

  private static long first(byte[] hash) {
    return ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  private static long second(byte[] hash) {
    return ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
  }
}
