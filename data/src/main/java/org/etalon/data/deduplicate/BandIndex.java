package org.etalon.data.deduplicate;

import java.util.Arrays;

/**
 * Problems by the keys of their bands, several to a key: an open-addressing table in parts that
 * grow one at a time.
 */
final class BandIndex {
  private static final int PARTS = 1 << 8;
  private static final int MOST_PER_KEY = 16;

  private final long[][] keys = new long[PARTS][16];

  /** Problem number plus one; 0 for a free slot. */
  private final int[][] numbers = new int[PARTS][16];

  private final int[] used = new int[PARTS];

  /** The problems that share a key, in ascending order, each once. */
  int[] candidates(long[] wanted) {
    int[] found = new int[16];
    int count = 0;
    for (long key : wanted) {
      int part = part(key);
      int slots = numbers[part].length;
      for (int slot = slot(key, slots);
          numbers[part][slot] != 0;
          slot = slot + 1 == slots ? 0 : slot + 1) {
        if (keys[part][slot] == key) {
          found = count == found.length ? Arrays.copyOf(found, count * 2) : found;
          found[count++] = numbers[part][slot] - 1;
        }
      }
    }
    return Arrays.stream(found, 0, count).sorted().distinct().toArray();
  }

  void add(long[] bandKeys, int number) {
    for (long key : bandKeys) {
      int part = part(key);
      if ((used[part] + 1) * 10L > numbers[part].length * 8L) {
        grow(part);
      }
      put(part, key, number + 1, MOST_PER_KEY);
    }
  }

  private void put(int part, long key, int numberPlusOne, int most) {
    int slots = numbers[part].length;
    int slot = slot(key, slots);
    int same = 0;
    while (numbers[part][slot] != 0) {
      same += keys[part][slot] == key ? 1 : 0;
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
    if (same < most) {
      keys[part][slot] = key;
      numbers[part][slot] = numberPlusOne;
      used[part]++;
    }
  }

  private void grow(int part) {
    long[] oldKeys = keys[part];
    int[] oldNumbers = numbers[part];
    int slots = (int) Math.min(Integer.MAX_VALUE - 8, oldNumbers.length * 3L / 2);
    keys[part] = new long[slots];
    numbers[part] = new int[slots];
    used[part] = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldNumbers[i] != 0) {
        put(part, oldKeys[i], oldNumbers[i], Integer.MAX_VALUE);
      }
    }
  }

  private static int part(long key) {
    return (int) (key >>> 56);
  }

  private static int slot(long key, int slots) {
    return (int) (((key & 0xFFFF_FFFFL) * slots) >>> 32);
  }
}
