package org.etalon.data.grade.constraint;

import com.google.common.collect.ImmutableList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules on which words a text holds. */
sealed interface KeywordRule extends Rule {
  /** All of some keywords, in any case, within longer words too, as IFEval has it. */
  record AllOf(ImmutableList<String> keywords) implements KeywordRule {
    @Override
    public Optional<String> complaint(String text) {
      String lower = PythonText.lower(text);
      return keywords.stream()
          .filter(keyword -> !lower.contains(PythonText.lower(keyword)))
          .findFirst()
          .map(keyword -> "no \"" + keyword + "\"");
    }
  }

  /** None of some words, in any case; as parts of longer words they are allowed. */
  record NoneOf(ImmutableList<String> words) implements KeywordRule {
    @Override
    public Optional<String> complaint(String text) {
      return words.stream()
          .filter(word -> Standalone.occurrences(text, word) > 0)
          .findFirst()
          .map(word -> "\"" + word + "\" is forbidden");
    }
  }

  /** The first keyword once, the second twice, and so on, in any case. */
  record Increasing(ImmutableList<String> keywords) implements KeywordRule {
    @Override
    public Optional<String> complaint(String text) {
      for (int i = 0; i < keywords.size(); i++) {
        var amount = new Amount(new Quantity.Keyword(keywords.get(i)), Relation.EXACTLY, i + 1);
        Optional<String> complaint = amount.complaint(text);
        if (complaint.isPresent()) {
          return complaint;
        }
      }
      return Optional.empty();
    }
  }

  /**
   * No word twice. Our choice: punctuation is no word, and case does not make another; IF-RLVR
   * counts two commas as a repetition and lets {@code The … the} pass.
   */
  record Unique() implements KeywordRule {
    @Override
    public Optional<String> complaint(String text) {
      Set<String> seen = new HashSet<>();
      return Tokens.of(text).stream()
          .filter(word -> !seen.add(PythonText.lower(word)))
          .findFirst()
          .map(word -> "\"" + word + "\" is repeated");
    }
  }

  /**
   * A palindrome among the words. Our choice: of three letters at least, in any case; IF-RLVR takes
   * {@code a} for one.
   */
  record Palindrome() implements KeywordRule {
    @Override
    public Optional<String> complaint(String text) {
      return Rule.unless(
          Tokens.of(text).stream().anyMatch(Palindrome::isPalindrome), "no palindrome");
    }

    private static boolean isPalindrome(String word) {
      String lower = PythonText.lower(word);
      return lower.length() >= 3
          && lower.chars().anyMatch(Character::isLetter)
          && lower.contentEquals(new StringBuilder(lower).reverse());
    }
  }

  /** No word begins with the letter after the one that the word before begins with. */
  record NoNeighbours() implements KeywordRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> words = PythonText.tokens(text);
      for (int i = 1; i < words.size(); i++) {
        if (initial(words.get(i)) - initial(words.get(i - 1)) == 1) {
          return Optional.of(
              "\"%s %s\" begin with neighbours".formatted(words.get(i - 1), words.get(i)));
        }
      }
      return Optional.empty();
    }

    private static int initial(String word) {
      return Character.toLowerCase(word.codePointAt(0));
    }
  }
}
