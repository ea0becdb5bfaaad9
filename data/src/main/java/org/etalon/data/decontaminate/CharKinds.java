package org.etalon.data.decontaminate;

import java.text.Normalizer;
import java.util.Locale;

/**
 * What a UTF-16 unit is by itself, wherever it stands, for the scan of {@link WordHashes}.
 *
 * <p>Units whose meaning depends on their neighbours or that normalisation turns into others are
 * {@link #HARD}: halves of surrogate pairs, combining marks, Hangul parts, capital sigma,
 * compatibility forms.
 */
final class CharKinds {
  static final byte GAP = 0;
  static final byte LETTER = 1;
  static final byte DIGIT = 2;
  static final byte IDEOGRAPH = 3;
  static final byte HARD = 4;

  static final byte[] KIND = new byte[1 << 16];

  /** The unit in lower case. */
  static final char[] FOLDED = new char[1 << 16];

  static {
    for (int c = 0; c < KIND.length; c++) {
      fill((char) c);
    }
  }

  private CharKinds() {}

  private static void fill(char c) {
    String text = String.valueOf(c);
    String lower = c < 128 || Character.isLetter(c) ? text.toLowerCase(Locale.ROOT) : text;
    FOLDED[c] = lower.charAt(0);
    boolean hangulPart = c >= 0x1100 && c <= 0x11FF;
    boolean hard =
        Character.isSurrogate(c)
            || Words.isMark(c)
            || hangulPart
            || c == 'Σ'
            || lower.length() != 1
            || (c >= 128 && !Normalizer.isNormalized(text, Normalizer.Form.NFKC))
            || !Normalizer.isNormalized(lower, Normalizer.Form.NFKC);
    KIND[c] = hard ? HARD : kind(FOLDED[c]);
  }

  private static byte kind(char c) {
    return switch (Words.kind(c, Words.Kind.GAP)) {
      case GAP -> GAP;
      case LETTER -> LETTER;
      case DIGIT -> DIGIT;
      case IDEOGRAPH -> IDEOGRAPH;
    };
  }
}
