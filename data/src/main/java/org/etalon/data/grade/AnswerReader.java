package org.etalon.data.grade;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etalon.data.grade.math.Formula;

/** Reads an extracted answer into what it stands for. */
final class AnswerReader {
  /** Our choice: longer answers are compared as they stand, without rewriting. */
  static final int MAX_CHARS = 1 << 14;

  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "\\s*(\\\\?[A-Za-z]{1,12}(?:_\\{?[A-Za-z0-9]{1,8}\\}?)?(?:\\([a-z]\\))?)\\s*=([^=]+)");

  /** A number with a decimal comma, which is no list of two numbers and has no thousands. */
  private static final Pattern DECIMAL_COMMA =
      Pattern.compile("\\$?\\s?([-+]?(?:0,\\d{1,40}|\\d{1,40},(?:\\d{1,2}|\\d{4,40})))\\s?\\$?");

  private static final Splitter COMMAS = Splitter.on(',');

  private AnswerReader() {}

  /**
   * An answer.
   *
   * @param text as it was extracted
   * @param name the variable it is given to, without blanks, if it was written as {@code x = …}
   * @param answer the number, or the text, that it is
   * @param formulas the formulas that it may be: as it stands, cleaned, without units
   */
  record Reading(
      String text, Optional<String> name, Answer answer, ImmutableList<Formula> formulas) {
    /** Whether it can be compared otherwise than as text. */
    boolean isReadable() {
      return answer instanceof Answer.Exact || !formulas.isEmpty();
    }

    /** {@code number}, {@code formula} or {@code text}. */
    String form() {
      if (answer instanceof Answer.Exact) {
        return "number";
      }
      return formulas.isEmpty() ? "text" : "formula";
    }
  }

  static Reading read(String extracted) {
    if (extracted.length() > MAX_CHARS) {
      return new Reading(
          extracted, Optional.empty(), new Answer.Text(extracted.strip()), ImmutableList.of());
    }
    String inner = Boxes.last(extracted).orElse(extracted);
    String clean = AnswerText.clean(inner);
    Matcher assignment = ASSIGNMENT.matcher(clean);
    boolean named = assignment.matches();
    return new Reading(
        extracted,
        named ? Optional.of(assignment.group(1)) : Optional.empty(),
        value(named ? assignment.group(2) : clean),
        formulas(inner, clean));
  }

  /** A number with a decimal comma, read as such. */
  static Optional<Rational> decimalComma(String extracted) {
    if (extracted.length() > NumberReader.MAX_CHARS) {
      return Optional.empty();
    }
    Matcher decimal = DECIMAL_COMMA.matcher(Units.strip(AnswerText.clean(extracted)));
    return decimal.matches()
        ? NumberReader.read(decimal.group(1).replace(',', '.'))
        : Optional.empty();
  }

  private static ImmutableList<Formula> formulas(String inner, String clean) {
    Set<String> spellings = new LinkedHashSet<>();
    spellings.add(AnswerText.formula(inner));
    spellings.add(AnswerText.formula(clean));
    spellings.add(AnswerText.formula(Units.strip(clean)));
    spellings.add(AnswerText.formula(withoutUnits(clean)));
    Set<Formula> formulas = new LinkedHashSet<>();
    spellings.forEach(spelling -> Formula.read(spelling).ifPresent(formulas::add));
    return ImmutableList.copyOf(formulas);
  }

  /** {@code {35 cm, 4 cm}} without units: each item's is taken off. */
  private static String withoutUnits(String clean) {
    if (clean.length() > NumberReader.MAX_CHARS || clean.indexOf(',') < 0) {
      return clean;
    }
    boolean braces = clean.startsWith("{") && clean.endsWith("}");
    String list = braces ? clean.substring(1, clean.length() - 1) : clean;
    List<String> items = COMMAS.splitToList(list).stream().map(Units::strip).toList();
    return String.join(", ", items);
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
