package org.etalon.data.text.jinja;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Text of which every character is either framing, written by a template, or data, written by a
 * user or a model. Cutting and joining keep that apart. Immutable.
 */
public final class FramedText {
  static final FramedText EMPTY = framing("");

  private final String text;
  private final BitSet data;

  private FramedText(String text, BitSet data) {
    this.text = text;
    this.data = data;
  }

  /** Text of a template. */
  public static FramedText framing(String text) {
    return new FramedText(text, new BitSet());
  }

  /** Text of a user or a model. */
  public static FramedText data(String text) {
    return marked(text, true);
  }

  static FramedText marked(String text, boolean isData) {
    BitSet bits = new BitSet();
    bits.set(0, text.length(), isData);
    return new FramedText(text, bits);
  }

  /** The characters. */
  public String text() {
    return text;
  }

  /** Number of UTF-16 units. */
  public int length() {
    return text.length();
  }

  /** Whether any of the characters {@code from} (included) to {@code to} (excluded) is data. */
  public boolean holdsData(int from, int to) {
    int next = data.nextSetBit(from);
    return next >= 0 && next < to;
  }

  boolean holdsData() {
    return !data.isEmpty();
  }

  /** The characters {@code from} (included) to {@code to} (excluded). */
  public FramedText slice(int from, int to) {
    return from >= to ? EMPTY : new FramedText(text.substring(from, to), data.get(from, to));
  }

  FramedText plus(FramedText other) {
    return new Builder().append(this).append(other).build();
  }

  /** Text made of this one: data if any of this one is, because what became of it is not known. */
  FramedText made(String result) {
    return marked(result, holdsData());
  }

  /** Another spelling of the same characters; they keep their marks if their number is the same. */
  FramedText respelled(String result) {
    return result.length() == length() ? new FramedText(result, data) : made(result);
  }

  /**
   * The parts between occurrences of a separator.
   *
   * @param most cuts made from the left; −1 = all
   */
  List<FramedText> split(String separator, int most) {
    List<FramedText> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && (most < 0 || parts.size() < most);
        at = text.indexOf(separator, from)) {
      parts.add(slice(from, at));
      from = at + separator.length();
    }
    parts.add(slice(from, length()));
    return parts;
  }

  /** The words between runs of white space. */
  List<FramedText> words() {
    List<FramedText> words = new ArrayList<>();
    int from = -1;
    for (int i = 0; i <= length(); i++) {
      boolean space = i == length() || isSpace(text.charAt(i));
      if (!space && from < 0) {
        from = i;
      } else if (space && from >= 0) {
        words.add(slice(from, i));
        from = -1;
      }
    }
    return words;
  }

  /**
   * Without the given characters at its ends.
   *
   * @param unwanted characters, or empty for white space
   */
  FramedText strip(String unwanted, boolean left, boolean right) {
    int from = 0;
    int to = length();
    while (left && from < to && isUnwanted(unwanted, text.charAt(from))) {
      from++;
    }
    while (right && to > from && isUnwanted(unwanted, text.charAt(to - 1))) {
      to--;
    }
    return slice(from, to);
  }

  private static boolean isUnwanted(String unwanted, char c) {
    return unwanted.isEmpty() ? isSpace(c) : unwanted.indexOf(c) >= 0;
  }

  /** White space as Python has it. */
  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FramedText t && t.text.equals(text) && t.data.equals(data);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  /** Joins texts. */
  static final class Builder {
    private final StringBuilder text = new StringBuilder();
    private final BitSet data = new BitSet();

    Builder append(FramedText part) {
      int at = text.length();
      part.data.stream().forEach(i -> data.set(at + i));
      text.append(part.text);
      return this;
    }

    int length() {
      return text.length();
    }

    FramedText build() {
      return new FramedText(text.toString(), (BitSet) data.clone());
    }
  }
}
