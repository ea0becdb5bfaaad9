package org.etalon.data.grade.constraint;

import java.util.List;
import java.util.Optional;

/** Rules on which word stands where. */
sealed interface PlaceRule extends Rule {
  /**
   * So many paragraphs between blank lines, and the first word of one of them.
   *
   * @param paragraphs how many that are not blank
   * @param nth which one, from 1, blank ones counted too as IFEval does
   * @param word its first word, in any case, up to the first mark of punctuation
   */
  record ParagraphBegins(int paragraphs, int nth, String word) implements PlaceRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> all = PythonText.split(text, "\n\n");
      int number = (int) all.stream().filter(part -> !PythonText.isBlank(part)).count();
      if (number != paragraphs) {
        return Optional.of("%d paragraphs, %d wanted".formatted(number, paragraphs));
      }
      String first = nth > all.size() ? "" : firstWord(all.get(nth - 1));
      return Rule.unless(
          first.equals(PythonText.lower(word)),
          "paragraph %d begins with \"%s\", \"%s\" wanted".formatted(nth, first, word));
    }

    private static String firstWord(String paragraph) {
      String rest = PythonText.strip(paragraph);
      int end = 0;
      while (end < rest.length() && !PythonText.isBlank(rest.charAt(end))) {
        end++;
      }
      int from = 0;
      for (char quote : new char[] {'\'', '"'}) {
        while (from < end && rest.charAt(from) == quote) {
          from++;
        }
      }
      int to = from;
      while (to < end && ".,?!'\"".indexOf(rest.charAt(to)) < 0) {
        to++;
      }
      return PythonText.lower(rest.substring(from, to));
    }
  }

  /** The first word of the text or, if so wanted, of every sentence, in any case. */
  record FirstWord(String word, boolean everySentence) implements PlaceRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> parts = everySentence ? Sentences.of(text) : List.of(text);
      return firstOther(parts, word, true);
    }
  }

  /** The last word of the text or, if so wanted, of every sentence, in any case. */
  record LastWord(String word, boolean everySentence) implements PlaceRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> parts = everySentence ? Sentences.of(text) : List.of(text);
      return firstOther(parts, word, false);
    }
  }

  private static Optional<String> firstOther(List<String> parts, String word, boolean first) {
    for (String part : parts) {
      List<String> words = PythonText.tokens(part);
      String found = words.isEmpty() ? "" : words.get(first ? 0 : words.size() - 1);
      if (!bare(found).equals(bare(word))) {
        return Optional.of(
            "%s with \"%s\", \"%s\" wanted".formatted(first ? "begins" : "ends", found, word));
      }
    }
    return Optional.empty();
  }

  /** A word without its punctuation, in small letters. */
  private static String bare(String word) {
    return PythonText.lower(String.join("", PythonText.words(word)));
  }

  /** A word at a place of a sentence, both from 1. Our choice: punctuation is no word. */
  record WordAt(String word, int sentence, int place) implements PlaceRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> sentences = Sentences.of(text);
      List<String> words =
          sentence > sentences.size() ? List.of() : Tokens.of(sentences.get(sentence - 1));
      String found = place > words.size() ? "" : words.get(place - 1);
      return Rule.unless(
          found.equals(word),
          "word %d of sentence %d is \"%s\", \"%s\" wanted"
              .formatted(place, sentence, found, word));
    }
  }

  /** The same word, in any case, first and last of two at least, with nothing around the two. */
  record SameEnds() implements PlaceRule {
    @Override
    public Optional<String> complaint(String text) {
      String stripped = PythonText.lower(PythonText.strip(text));
      List<String> words = Tokens.of(stripped);
      if (words.size() < 2) {
        return Optional.of("fewer than two words");
      }
      String first = words.get(0);
      return Rule.unless(
          first.equals(words.get(words.size() - 1))
              && stripped.startsWith(first)
              && stripped.endsWith(first),
          "begins with \"%s\", ends with \"%s\"".formatted(first, words.get(words.size() - 1)));
    }
  }
}
