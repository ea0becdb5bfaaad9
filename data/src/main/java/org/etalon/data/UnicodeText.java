package org.etalon.data;

/** Checks that a Java string is text that every other program can read. */
public final class UnicodeText {
  private UnicodeText() {}

  /**
   * Index of the first half of a surrogate pair that lacks its other half, or −1: such a string has
   * no UTF-8 form.
   */
  public static int firstHalfPair(String text) {
    int at = 0;
    while (at < text.length()) {
      int code = text.codePointAt(at);
      if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
        return at;
      }
      at += Character.charCount(code);
    }
    return -1;
  }
}
