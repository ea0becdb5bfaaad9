package org.etalon.data.grade;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /** The answer as formulas: as it stands, cleaned, and without a unit. */
  static List<Formula> formulas(String extracted) {
    if (extracted.length() > MAX_CHARS) {
      return List.of();
    }
    String inner = AnswerExtractor.boxed(extracted).orElse(extracted);
    String clean = AnswerText.clean(inner);
    Set<String> spellings = new LinkedHashSet<>();
    spellings.add(AnswerText.formula(inner));
    spellings.add(AnswerText.formula(clean));
    spellings.add(AnswerText.formula(Units.strip(clean)));
    List<Formula> formulas = new ArrayList<>();
    spellings.forEach(spelling -> Formula.read(spelling).ifPresent(formulas::add));
    return formulas;
  }

  /** Whether an answer can be compared otherwise than as text. */
  static boolean isReadable(String extracted) {
    return read(extracted).answer() instanceof Answer.Exact || !formulas(extracted).isEmpty();
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
