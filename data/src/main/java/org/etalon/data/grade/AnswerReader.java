package org.etalon.data.grade;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etalon.data.grade.math.Formula;

/** Reads an extracted answer into the value it stands for. */
final class AnswerReader {
  /** Our choice: longer answers are compared as they stand, without rewriting. */
  static final int MAX_CHARS = 1 << 14;

  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "\\s*(\\\\?[A-Za-z]{1,12}(?:_\\{?[A-Za-z0-9]{1,8}\\}?)?(?:\\([a-z]\\))?)\\s*=([^=]+)");

  private AnswerReader() {}

  /**
   * An answer, and the variable it was given to if it was written as {@code x = …}.
   *
   * @param name the variable without blanks
   */
  record Reading(Optional<String> name, Answer answer) {}

  static Reading read(String extracted) {
    if (extracted.length() > MAX_CHARS) {
      return new Reading(Optional.empty(), new Answer.Text(extracted.strip()));
    }
    String inner = AnswerExtractor.boxed(extracted).orElse(extracted);
    String clean = AnswerText.clean(inner);
    Matcher assignment = ASSIGNMENT.matcher(clean);
    if (assignment.matches()) {
      return new Reading(Optional.of(assignment.group(1)), value(assignment.group(2)));
    }
    return new Reading(Optional.empty(), value(clean));
  }

  /** The answer as formulas: as it stands, and without a unit. */
  static List<Formula> formulas(String extracted) {
    if (extracted.length() > MAX_CHARS) {
      return List.of();
    }
    String clean = AnswerText.clean(AnswerExtractor.boxed(extracted).orElse(extracted));
    String bare = Units.strip(clean);
    List<Formula> formulas = new ArrayList<>();
    Formula.read(clean).ifPresent(formulas::add);
    if (!bare.equals(clean)) {
      Formula.read(bare).ifPresent(formulas::add);
    }
    return formulas;
  }

  private static Answer value(String clean) {
    String text = clean.strip();
    if (text.length() <= NumberReader.MAX_CHARS) {
      Optional<Rational> number =
          NumberReader.read(text)
              .or(() -> NumberReader.read(Units.strip(text)))
              .or(() -> NumberReader.read(Units.strip(AnswerText.withoutTextMacros(text))));
      if (number.isPresent()) {
        return new Answer.Exact(number.get());
      }
    }
    return new Answer.Text(AnswerText.normalised(text));
  }
}
