package org.etalon.data.decontaminate;

import java.util.Arrays;

/**
 * Runs of words of evaluation texts by their 64-bit hash, in arrays: a look-up that finds nothing,
 * which is nearly every one, reads one bit.
 */
final class GramIndex {
  private static final int BITS_PER_GRAM = 64;

  private long[] filter = new long[256];
  private long[] keys = new long[64];

  /** Index of the first gram of a slot's hash plus one; 0 for a free slot. */
  private int[] heads = new int[64];

  private int slotsUsed;
  private int[] texts = new int[64];
  private int[] starts = new int[64];
  private int[] lengths = new int[64];

  /** The next gram of the same hash plus one, or 0. */
  private int[] nexts = new int[64];

  private int grams;

  /** The first gram with this hash, or −1. */
  int first(long hash) {
    if ((filter[filterWord(hash)] & (1L << hash)) == 0) {
      return -1;
    }
    return heads[slot(hash)] - 1;
  }

  /** The next gram with the same hash, or −1. */
  int next(int gram) {
    return nexts[gram] - 1;
  }

  int text(int gram) {
    return texts[gram];
  }

  int start(int gram) {
    return starts[gram];
  }

  int length(int gram) {
    return lengths[gram];
  }

  void add(long hash, int text, int start, int length) {
    if (grams == texts.length) {
      int more = grams * 2;
      texts = Arrays.copyOf(texts, more);
      starts = Arrays.copyOf(starts, more);
      lengths = Arrays.copyOf(lengths, more);
      nexts = Arrays.copyOf(nexts, more);
    }
    texts[grams] = text;
    starts[grams] = start;
    lengths[grams] = length;
    grams++;
    append(hash, grams);
  }

  /** Behind the others of its hash: the first one added is the one that is named. */
  private void append(long hash, int gramPlusOne) {
    int slot = slot(hash);
    if (heads[slot] == 0) {
      keys[slot] = hash;
      heads[slot] = gramPlusOne;
      slotsUsed++;
      filter[filterWord(hash)] |= 1L << hash;
      if (slotsUsed * 2 > keys.length) {
        grow();
      }
      return;
    }
    int last = heads[slot] - 1;
    while (nexts[last] != 0) {
      last = nexts[last] - 1;
    }
    nexts[last] = gramPlusOne;
  }

  private int filterWord(long hash) {
    return (int) (hash >>> 6) & (filter.length - 1);
  }

  private int slot(long hash) {
    int mask = keys.length - 1;
    int slot = (int) (hash ^ (hash >>> 32)) & mask;
    while (heads[slot] != 0 && keys[slot] != hash) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldHeads = heads;
    keys = new long[oldKeys.length * 2];
    heads = new int[keys.length];
    filter = new long[Math.max(64, keys.length * BITS_PER_GRAM / 2 / Long.SIZE)];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldHeads[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        heads[slot] = oldHeads[i];
        filter[filterWord(oldKeys[i])] |= 1L << oldKeys[i];
      }
    }
  }
}
