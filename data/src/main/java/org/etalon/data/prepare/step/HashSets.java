package org.etalon.data.prepare.step;

import java.util.Arrays;

/** Sets of 64-bit hashes as plain arrays. */
final class HashSets {
  private HashSets() {}

  /** Number of different hashes, by open addressing. */
  static int distinct(long[] hashes) {
    int capacity = Integer.highestOneBit(Math.max(2, hashes.length)) * 4;
    long[] table = new long[capacity];
    int distinct = 0;
    boolean zero = false;
    for (long hash : hashes) {
      if (hash == 0) {
        zero = true;
        continue;
      }
      int slot = (int) (hash ^ (hash >>> 32)) & (capacity - 1);
      while (table[slot] != 0 && table[slot] != hash) {
        slot = (slot + 1) & (capacity - 1);
      }
      if (table[slot] == 0) {
        table[slot] = hash;
        distinct++;
      }
    }
    return distinct + (zero ? 1 : 0);
  }

  /** The different hashes in ascending order. */
  static long[] sorted(long[] hashes) {
    long[] all = hashes.clone();
    Arrays.sort(all);
    int kept = 0;
    for (int i = 0; i < all.length; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[kept++] = all[i];
      }
    }
    return Arrays.copyOf(all, kept);
  }

  /** Jaccard similarity of two sets made by {@link #sorted}: shared / all; 1 if both are empty. */
  static double jaccard(long[] a, long[] b) {
    int i = 0;
    int j = 0;
    int shared = 0;
    while (i < a.length && j < b.length) {
      if (a[i] == b[j]) {
        shared++;
        i++;
        j++;
      } else if (a[i] < b[j]) {
        i++;
      } else {
        j++;
      }
    }
    int all = a.length + b.length - shared;
    return all == 0 ? 1 : (double) shared / all;
  }
}
