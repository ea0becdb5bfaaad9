package org.etalon.data.grade;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the last sentence of a response that states an option as its answer. */
final class OptionStatement {
  private static final int MOST_CHARS = 400;
  private static final int BEFORE_CHARS = 16;

  /** Our choice: a response that repeats itself more often is read from its end only. */
  private static final int MOST_STATEMENTS = 64;

  /** What an answer follows: "the answer is", "Answer:", "correct option is". */
  private static final Pattern ANNOUNCED =
      Pattern.compile(
          "\\b(?:answer|option|choice)\\b[*_]{0,3}\\s{0,8}(?:is|would be|should be|must be|:|=)"
              + "[\\s:*_]{0,12}",
          Pattern.CASE_INSENSITIVE);

  /** An answer that goes before: "C is correct", "(C) is the right answer". */
  private static final Pattern CONFIRMED =
      Pattern.compile(
          "(?<![A-Za-z0-9'])\\(?([A-J])\\)?[*_]{0,3}\\s{1,4}is\\s{1,4}(?:the\\s{1,4})?"
              + "(?:correct|right|best)\\b");

  /** Words before an answer that take it back. */
  private static final Pattern DENIED =
      Pattern.compile(
          "\\b(?:not|nor|neither|if|whether|and|or|wrong|incorrect|only)\\W{0,4}"
              + "(?:the\\s|option\\s|choice\\s|answer\\s)?\\W{0,4}$",
          Pattern.CASE_INSENSITIVE);

  private OptionStatement() {}

  /** The option that the last such sentence names; sentences that name none are passed over. */
  static Optional<Character> last(String response, OptionReader reader) {
    List<MatchResult> statements = new ArrayList<>();
    for (Pattern pattern : List.of(ANNOUNCED, CONFIRMED)) {
      statements.addAll(lastOf(pattern.matcher(response)));
    }
    return statements.stream()
        .sorted(Comparator.comparingInt((MatchResult statement) -> statement.end()).reversed())
        .filter(statement -> !isDenied(response, statement.start()))
        .map(statement -> named(response, statement, reader))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Character> named(
      String response, MatchResult statement, OptionReader reader) {
    return statement.groupCount() > 0
        ? Optional.of(statement.group(1).charAt(0))
        : reader.inSentence(sentence(response, statement.end()));
  }

  private static Deque<MatchResult> lastOf(Matcher matcher) {
    Deque<MatchResult> last = new ArrayDeque<>();
    while (matcher.find()) {
      last.add(matcher.toMatchResult());
      if (last.size() > MOST_STATEMENTS) {
        last.remove();
      }
    }
    return last;
  }

  private static boolean isDenied(String response, int at) {
    return DENIED.matcher(response.substring(Math.max(0, at - BEFORE_CHARS), at)).find();
  }

  private static String sentence(String response, int from) {
    String rest = response.substring(from, Math.min(response.length(), from + MOST_CHARS));
    return rest.split("\\R|(?<=[^A-J*])\\.\\s", 2)[0];
  }
}
