package org.etalon.data.grade.constraint;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a text into sentences.
 *
 * <p>A sentence ends at {@code . ? !}, marks that close a quotation or bracket included, before a
 * blank or the text's end. A full stop ends none after an abbreviation or dots, unless a word
 * follows that commonly begins a sentence; after an initial ({@code J. Smith}); after a number
 * before a small letter. Line breaks end none.
 *
 * <p>IFEval counts with NLTK's Punkt, whose English model learned its abbreviations and which words
 * begin sentences. Our choice: the same decisions from short lists. The two differ in rare
 * abbreviations, in marks that Punkt leaves alone ({@code .”} goes on for it), and in a last {@code
 * **} or the like, which is a sentence for Punkt.
 */
final class Sentences {
  private static final ImmutableSet<String> ABBREVIATIONS =
      ImmutableSet.of(
          "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "gen", "col", "lt", "capt", "sgt",
          "gov", "sen", "rep", "rev", "hon", "inc", "ltd", "co", "corp", "bros", "vs", "e.g", "i.e",
          "u.s", "u.k", "u.n", "a.m", "p.m", "ph.d", "m.d", "b.a", "d.c", "cf", "al", "ave", "blvd",
          "jan", "feb", "mar", "apr", "aug", "sept", "oct", "nov", "dec", "mt", "ft", "dept",
          "messrs", "adm", "maj", "cmdr", "calif", "fla", "mass", "conn", "pa", "va", "tenn",
          "ariz", "wash");

  /** Words that, with a capital, begin a sentence even after an abbreviation. */
  private static final ImmutableSet<String> STARTERS =
      ImmutableSet.of(
          "the",
          "a",
          "an",
          "this",
          "that",
          "these",
          "those",
          "he",
          "she",
          "it",
          "they",
          "we",
          "i",
          "you",
          "his",
          "her",
          "its",
          "their",
          "our",
          "my",
          "your",
          "in",
          "on",
          "at",
          "for",
          "if",
          "when",
          "while",
          "after",
          "before",
          "but",
          "and",
          "so",
          "then",
          "there",
          "however",
          "as",
          "what",
          "why",
          "how",
          "who",
          "where",
          "although",
          "because",
          "since",
          "with",
          "some",
          "many",
          "most",
          "all",
          "each",
          "no",
          "not",
          "one",
          "moreover",
          "meanwhile",
          "by",
          "now");

  private static final String CLOSERS = "\"')]}\u201d\u2019\u00bb*_`";
  private static final String OPENERS = "\"'([{\u201c\u2018\u00ab*_`#";

  private Sentences() {}

  /** The sentences in order, without blanks around them. */
  static List<String> of(String text) {
    List<String> sentences = new ArrayList<>();
    int from = 0;
    int at = 0;
    while (at < text.length()) {
      if (!isEnd(text.charAt(at))) {
        at++;
        continue;
      }
      int mark = at;
      while (at < text.length() && isEnd(text.charAt(at))) {
        at++;
      }
      int marks = at;
      while (at < text.length() && CLOSERS.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      boolean apart = at == text.length() || PythonText.isBlank(text.charAt(at));
      if (apart && ends(text, from, mark, marks, at)) {
        add(sentences, text.substring(from, at));
        from = at;
      }
    }
    add(sentences, text.substring(from));
    return sentences;
  }

  private static void add(List<String> sentences, String sentence) {
    String stripped = PythonText.strip(sentence);
    if (!stripped.isEmpty()) {
      sentences.add(stripped);
    }
  }

  private static boolean isEnd(char c) {
    return c == '.' || c == '?' || c == '!';
  }

  private static boolean ends(String text, int from, int mark, int marks, int after) {
    String last = text.substring(mark, marks);
    if (last.indexOf('?') >= 0 || last.indexOf('!') >= 0) {
      return true;
    }
    String next = next(text, after);
    if (next.isEmpty()) {
      return true;
    }
    boolean capital = Character.isUpperCase(next.codePointAt(0));
    boolean starter = capital && STARTERS.contains(PythonText.lower(next));
    if (last.length() > 1) {
      return starter;
    }
    String word = word(text, from, mark);
    if (word.length() == 1 && Character.isLetter(word.charAt(0))) {
      return starter;
    }
    if (isNumber(word)) {
      return !Character.isLowerCase(next.codePointAt(0));
    }
    boolean abbreviation = ABBREVIATIONS.contains(word) || isDotted(word);
    return !abbreviation || starter;
  }

  /** The word after a place, without what opens a quotation; its length is bounded. */
  private static String next(String text, int after) {
    int from = after;
    while (from < text.length()
        && (PythonText.isBlank(text.charAt(from)) || OPENERS.indexOf(text.charAt(from)) >= 0)) {
      from++;
    }
    int to = from;
    while (to < text.length() && to - from < 40 && isWithin(text.charAt(to))) {
      to++;
    }
    return text.substring(from, Math.min(text.length(), Math.max(to, from + 1)));
  }

  /** The word before a place in small letters; empty if it is long, as no abbreviation is. */
  private static String word(String text, int from, int mark) {
    int begin = mark;
    while (begin > from && !PythonText.isBlank(text.charAt(begin - 1))) {
      if (mark - begin > 24) {
        return "";
      }
      begin--;
    }
    String word = text.substring(begin, mark);
    word = word.substring(word.lastIndexOf('-') + 1);
    return PythonText.lower(PythonText.strip(word, c -> OPENERS.indexOf(c) >= 0));
  }

  private static boolean isWithin(char c) {
    return Character.isLetterOrDigit(c) || Character.isSurrogate(c);
  }

  private static boolean isNumber(String word) {
    return !word.isEmpty()
        && Character.isDigit(word.charAt(0))
        && word.chars().allMatch(c -> Character.isDigit(c) || c == '.' || c == ',');
  }

  /** Single letters with dots between them, e.g. {@code u.s.s.r}. */
  private static boolean isDotted(String word) {
    if (word.length() < 3 || word.length() % 2 == 0) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      boolean fits = i % 2 == 0 ? Character.isLetter(word.charAt(i)) : word.charAt(i) == '.';
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
