package org.etalon.data.grade.constraint;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules on how a text is laid out. */
sealed interface FormatRule extends Rule {
  /** A title in double angular brackets. */
  record Title() implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      return Rule.unless(Markup.hasTitle(text), "no <<title>>");
    }
  }

  /**
   * A postscript: the marker anywhere, in any case, as IFEval has it.
   *
   * @param marker {@code P.S.} and {@code P.P.S} allow a blank within
   */
  record Postscript(String marker) implements FormatRule {
    private static final Pattern PS = Pattern.compile("p\\.[\\s\\h]?s\\.");
    private static final Pattern PPS = Pattern.compile("p\\.[\\s\\h]?p\\.[\\s\\h]?s");

    @Override
    public Optional<String> complaint(String text) {
      String lower = PythonText.lower(text);
      boolean found =
          switch (marker) {
            case "P.S." -> PS.matcher(lower).find();
            case "P.P.S" -> PPS.matcher(lower).find();
            default -> lower.contains(PythonText.lower(marker));
          };
      return Rule.unless(found, "no postscript " + marker);
    }
  }

  /** One of some options within the text, case and all. */
  record HasOption(ImmutableList<String> options) implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      return Rule.unless(options.stream().anyMatch(text::contains), "none of " + options);
    }
  }

  /** Nothing but one of some options, in any case, with or without a full stop. */
  record IsOption(ImmutableList<String> options) implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      String said = bare(text);
      return Rule.unless(
          options.stream().anyMatch(option -> bare(option).equals(said)),
          "other than one of " + options);
    }

    private static String bare(String text) {
      String stripped = PythonText.strip(text);
      return PythonText.lower(PythonText.strip(stripped, c -> c == '.' || PythonText.isBlank(c)));
    }
  }

  /** Two different texts with six asterisks between them. */
  record TwoResponses() implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> parts = Parts.of(text, "******");
      if (parts.size() != 2) {
        return Optional.of(parts.size() + " responses, 2 wanted");
      }
      return Rule.unless(!parts.get(0).equals(parts.get(1)), "twice the same response");
    }
  }

  /** Double quotation marks around the whole. */
  record Quoted() implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      String stripped = PythonText.strip(text);
      return Rule.unless(
          stripped.length() > 1 && stripped.startsWith("\"") && stripped.endsWith("\""),
          "not in double quotation marks");
    }
  }

  /** Not one of some characters. */
  record Without(String characters) implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      return characters
          .codePoints()
          .filter(c -> text.indexOf(c) >= 0)
          .mapToObj(c -> "a \"" + Character.toString(c) + "\"")
          .findFirst();
    }
  }

  /**
   * So many parts with a divider between them; a divider at the beginning or end is allowed.
   *
   * @param divider {@code ***}, {@code * * *} or a blank line
   */
  record Parts(String divider, int wanted) implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> parts = of(text, divider);
      int number = parts.contains("") ? 0 : parts.size();
      return Rule.unless(
          number == wanted,
          number == 0
              ? "an empty paragraph"
              : "%d paragraphs, %d wanted".formatted(number, wanted));
    }

    /** The parts without blanks around them, and without empty ones at the two ends. */
    static List<String> of(String text, String divider) {
      List<String> parts = PythonText.split(text, divider).stream().map(PythonText::strip).toList();
      int from = parts.get(0).isEmpty() ? 1 : 0;
      int to = parts.get(parts.size() - 1).isEmpty() ? parts.size() - 1 : parts.size();
      return parts.subList(Math.min(from, to), to);
    }
  }

  /** Three paragraphs divided by {@code ***}, of so many sentences, of so many words each. */
  record Composition(int sentences, int words) implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      Optional<String> complaint = new Parts("***", 3).complaint(text);
      if (complaint.isPresent()) {
        return complaint;
      }
      for (String paragraph : Parts.of(text, "***")) {
        List<String> found = Sentences.of(paragraph);
        if (found.size() != sentences) {
          return Optional.of(
              "a paragraph of %d sentences, %d wanted".formatted(found.size(), sentences));
        }
        for (String sentence : found) {
          int number = Tokens.of(sentence).size();
          if (number != words) {
            return Optional.of("a sentence of %d words, %d wanted".formatted(number, words));
          }
        }
      }
      return Optional.empty();
    }
  }

  /** Sentences with a hyphen and no blank between them. */
  record HyphenatedSentences() implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> parts = PythonText.split(text, "-");
      boolean kept =
          parts.stream()
              .allMatch(
                  part -> part.equals(PythonText.strip(part)) && Sentences.of(part).size() == 1);
      return Rule.unless(kept, "sentences that are not joined by a hyphen alone");
    }
  }

  /** Every word in square brackets. */
  record BracketedWords() implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      return PythonText.tokens(text).stream()
          .filter(word -> !word.startsWith("[") || !word.endsWith("]"))
          .findFirst()
          .map(word -> "\"" + word + "\" is not in square brackets");
    }
  }

  /** Every two words in double angular brackets; a last word may be left over. */
  record WrappedPairs() implements FormatRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> words = PythonText.tokens(text);
      for (int i = 0; i + 1 < words.size(); i += 2) {
        if (!words.get(i).startsWith("<<") || !words.get(i + 1).endsWith(">>")) {
          return Optional.of("\"%s %s\" is not in <<>>".formatted(words.get(i), words.get(i + 1)));
        }
      }
      return Optional.empty();
    }
  }
}
