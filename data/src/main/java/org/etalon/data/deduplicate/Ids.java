package org.etalon.data.deduplicate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ids by number, as bytes in large blocks: their UTF-8 length and 5 to 10 bytes each. */
final class Ids {
  private static final int BLOCK = 1 << 22;
  private static final int PER_BLOCK = 1 << 16;

  private final List<byte[]> blocks = new ArrayList<>();
  private final List<long[]> starts = new ArrayList<>();
  private int inBlock = BLOCK;
  private int count;

  /** The number of a new id. */
  int add(String id) {
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    if (inBlock + bytes.length > BLOCK) {
      blocks.add(new byte[Math.max(BLOCK, bytes.length)]);
      inBlock = 0;
    }
    byte[] block = blocks.get(blocks.size() - 1);
    System.arraycopy(bytes, 0, block, inBlock, bytes.length);
    if (count % PER_BLOCK == 0) {
      starts.add(new long[PER_BLOCK]);
    }
    // Block, start in the block, length: all below 2^26.
    starts.get(count / PER_BLOCK)[count % PER_BLOCK] =
        ((long) (blocks.size() - 1) << 46) | ((long) inBlock << 23) | Math.min(bytes.length, BLOCK);
    inBlock += bytes.length;
    return count++;
  }

  String get(int number) {
    long at = starts.get(number / PER_BLOCK)[number % PER_BLOCK];
    int start = (int) (at >>> 23) & ((1 << 23) - 1);
    int length = (int) at & ((1 << 23) - 1);
    byte[] block = blocks.get((int) (at >>> 46));
    return new String(Arrays.copyOfRange(block, start, start + length), StandardCharsets.UTF_8);
  }
}
