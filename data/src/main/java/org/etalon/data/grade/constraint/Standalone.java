package org.etalon.data.grade.constraint;

/** Finds a word or phrase that is not part of a longer word, in any case. */
final class Standalone {
  private Standalone() {}

  static int occurrences(String text, String phrase) {
    String where = PythonText.lower(text);
    String what = PythonText.lower(phrase);
    int found = 0;
    int at = where.indexOf(what);
    while (at >= 0) {
      boolean alone = standsAlone(where, at, at + what.length());
      found += alone ? 1 : 0;
      at = where.indexOf(what, alone ? at + what.length() : at + 1);
    }
    return found;
  }

  /**
   * An end of the phrase that is no word character needs no boundary: {@code C++} in {@code C++11}.
   */
  private static boolean standsAlone(String text, int from, int to) {
    boolean before =
        from > 0
            && PythonText.isWord(text.codePointBefore(from))
            && PythonText.isWord(text.codePointAt(from));
    boolean after =
        to < text.length()
            && PythonText.isWord(text.codePointAt(to))
            && PythonText.isWord(text.codePointBefore(to));
    return !before && !after;
  }
}
