package org.etalon.data.prepare.step;

import java.util.Arrays;

/**
 * A text as a row of hashed words, made in one pass.
 *
 * <p>Our choice: a word is a run of letters, a run of digits, a run of one symbol, or one
 * ideograph; case is folded. A run is cut after 32 characters, so that a text without blanks is a
 * row of many words too and what repeats in it is seen.
 */
final class WordRow {
  private static final int MOST_IN_WORD = 32;

  /** Odd, so that multiplying loses nothing. */
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final String text;
  private long[] hashes = new long[64];
  private int[] begins = new int[64];
  private int[] ends = new int[64];
  private int size;

  private WordRow(String text) {
    this.text = text;
  }

  static WordRow of(String text) {
    WordRow row = new WordRow(text);
    row.read();
    return row;
  }

  /** Number of words. */
  int size() {
    return size;
  }

  /** Hash of one word. */
  long hash(int word) {
    return hashes[word];
  }

  /** Whether a word is of letters or digits, not of symbols. */
  boolean isName(int word) {
    return Character.isLetterOrDigit(text.codePointAt(begins[word]));
  }

  /** The text from one word up to, not including, another. */
  String text(int from, int to) {
    return from >= to ? "" : text.substring(begins[from], ends[to - 1]);
  }

  /** Hashes of all grams of {@code n} words, in order; empty if there are fewer words. */
  long[] grams(int n) {
    if (size < n) {
      return new long[0];
    }
    long leaving = 1;
    for (int i = 0; i < n; i++) {
      leaving *= FACTOR;
    }
    long[] grams = new long[size - n + 1];
    long hash = 0;
    for (int i = 0; i < size; i++) {
      hash = hash * FACTOR + hashes[i];
      if (i >= n) {
        hash -= leaving * hashes[i - n];
      }
      if (i >= n - 1) {
        grams[i - n + 1] = hash;
      }
    }
    return grams;
  }

  private void read() {
    int at = 0;
    while (at < text.length()) {
      int code = text.codePointAt(at);
      if (isGap(code)) {
        at += Character.charCount(code);
        continue;
      }
      at = readWord(at, code);
    }
  }

  private int readWord(int begin, int first) {
    int at = begin;
    int code = first;
    int length = 0;
    long hash = 0;
    do {
      hash = (hash + Character.toLowerCase(code)) * FACTOR;
      at += Character.charCount(code);
      length++;
      code = at < text.length() ? text.codePointAt(at) : ' ';
    } while (length < MOST_IN_WORD && goesOn(first, code));
    add(mix(hash), begin, at);
    return at;
  }

  private static boolean goesOn(int first, int next) {
    if (Character.isIdeographic(first)) {
      return false;
    }
    if (Character.isDigit(first)) {
      return Character.isDigit(next);
    }
    if (Character.isLetter(first)) {
      return isMark(next) || (Character.isLetter(next) && !Character.isIdeographic(next));
    }
    return next == first;
  }

  private static boolean isMark(int code) {
    int type = Character.getType(code);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean isGap(int code) {
    return Character.isWhitespace(code) || Character.isSpaceChar(code);
  }

  private void add(long hash, int begin, int end) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, size * 2);
      begins = Arrays.copyOf(begins, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
    }
    hashes[size] = hash;
    begins[size] = begin;
    ends[size] = end;
    size++;
  }

  /** Spreads every bit over all others (the finaliser of MurmurHash3). */
  static long mix(long hash) {
    long h = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return h ^ (h >>> 33);
  }
}
