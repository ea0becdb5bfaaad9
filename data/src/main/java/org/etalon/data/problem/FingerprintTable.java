package org.etalon.data.problem;

/**
 * A map from 128-bit fingerprints to numbers, in plain arrays: 25 to 36 bytes an entry. Two
 * different texts out of 10⁹ share a fingerprint with a probability of about 10⁻²¹.
 */
public final class FingerprintTable {
  /** Each part grows alone, so that growing never holds the whole table twice. */
  private static final int PARTS = 256;

  private final Part[] parts = new Part[PARTS];
  private long size;

  /** A fingerprint. */
  public record Fingerprint(long high, long low) {
    private static final long FACTOR_1 = 0x9E3779B97F4A7C15L;
    private static final long FACTOR_2 = 0xC2B2AE3D27D4EB4FL;

    /** Of a text. */
    public static Fingerprint of(String text) {
      long high = text.length();
      long low = ~high;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        high = (high ^ c) * FACTOR_1;
        low = (Long.rotateLeft(low, 29) + c) * FACTOR_2;
      }
      return new Fingerprint(mixed(high), mixed(low));
    }

    /** Of a row of hashes. */
    public static Fingerprint of(long[] hashes) {
      long high = hashes.length;
      long low = ~high;
      for (long hash : hashes) {
        high = (high ^ hash) * FACTOR_1;
        high ^= high >>> 32;
        low = (Long.rotateLeft(low, 29) + hash) * FACTOR_2;
      }
      return new Fingerprint(mixed(high), mixed(low));
    }

    /** The finaliser of MurmurHash3 (public domain). */
    private static long mixed(long hash) {
      long h = hash;
      h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
      h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
      return h ^ (h >>> 33);
    }
  }

  /**
   * Adds a fingerprint that is not there yet.
   *
   * @param number what it stands for, from 0 to 2³² − 2
   * @return the number it had already, or −1 if it was added
   */
  public long putIfAbsent(Fingerprint key, long number) {
    if (number < 0 || number >= 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("number out of range: " + number);
    }
    int index = (int) (key.high() >>> 56);
    if (parts[index] == null) {
      parts[index] = new Part(12);
    }
    int slot = parts[index].slot(key);
    long before = parts[index].number(slot);
    if (before >= 0) {
      return before;
    }
    if (parts[index].isFull()) {
      parts[index] = parts[index].larger();
      slot = parts[index].slot(key);
    }
    parts[index].put(slot, key, number);
    size++;
    return -1;
  }

  /** Entries. */
  public long size() {
    return size;
  }

  /** Open addressing with steps of one. */
  private static final class Part {
    private final long[] highs;
    private final long[] lows;

    /** Number plus one, unsigned; 0 for a free slot. */
    private final int[] numbers;

    private int used;

    Part(int slots) {
      highs = new long[slots];
      lows = new long[slots];
      numbers = new int[slots];
    }

    int slot(Fingerprint key) {
      int slots = numbers.length;
      int slot = (int) (((key.low() >>> 32) * slots) >>> 32);
      while (numbers[slot] != 0 && !(highs[slot] == key.high() && lows[slot] == key.low())) {
        slot = slot + 1 == slots ? 0 : slot + 1;
      }
      return slot;
    }

    long number(int slot) {
      return Integer.toUnsignedLong(numbers[slot]) - 1;
    }

    boolean isFull() {
      return (used + 1) * 10L > numbers.length * 8L;
    }

    void put(int slot, Fingerprint key, long number) {
      highs[slot] = key.high();
      lows[slot] = key.low();
      numbers[slot] = (int) (number + 1);
      used++;
    }

    Part larger() {
      Part larger = new Part((int) Math.min(Integer.MAX_VALUE - 8, numbers.length * 3L / 2));
      for (int i = 0; i < numbers.length; i++) {
        if (numbers[i] != 0) {
          Fingerprint key = new Fingerprint(highs[i], lows[i]);
          larger.put(larger.slot(key), key, number(i));
        }
      }
      return larger;
    }
  }
}
