package org.etalon.data.grade;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.grade.AnswerReader.Reading;
import org.etalon.data.grade.math.Budget;
import org.etalon.data.grade.math.Formula;
import org.etalon.data.grade.math.Rounding;
import org.etalon.data.grade.math.WorkException;

/**
 * Grades answers to mathematical problems: numbers exactly, then formulas, then normalised text.
 *
 * <p>The response's answer is the content of its last {@code \boxed{…}}, or of several boxes side
 * by side. Where a box is not required, a "final answer is" after the last box goes before it, and
 * where there is no box the answer is the whole response if that is a number or a formula, else
 * what follows the last "answer is", else what is stated last: a formula between dollar signs or
 * LaTeX's brackets, or a number.
 *
 * <p>What is no number is compared as a formula ({@link org.etalon.data.grade.math}): terms, lists,
 * tuples, sets, intervals, relations, matrices; what is no formula either as normalised text.
 *
 * <p>{@code 0.5}, {@code 1/2}, {@code \frac{1}{2}}, {@code 50\%} and {@code x = 2^{-1}} are one
 * number; {@code 0.33} and {@code 1/3} are two. Our choice: no tolerance, because a reward for
 * nearly right teaches rounding, except that a decimal of 15 digits or more is the number that
 * rounds to it ({@link Rounding}); units are ignored; two assignments to different variables
 * differ.
 *
 * <p>A verdict depends on the two texts only. Each is bounded: by the length of what is read, by an
 * amount of work ({@link Budget}) and, as backstop, by 2 seconds; a comparison that runs out is
 * wrong, and its reason says so. Safe for use from many threads.
 */
public final class MathGrader implements Grader {
  /** The backstop of time; the {@link Budget} ends a comparison sooner. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /** Our choice: a longer response has words around its answer. */
  private static final int MOST_BARE = 200;

  private static final Pattern WORD =
      Pattern.compile(
          "(?<![\\\\A-Za-z])(?!(?:sin|cos|tan|ln|log|exp|sqrt|pi|and|or)(?![A-Za-z]))[A-Za-z]{2,}");

  private final boolean requireBoxed;

  /** The grader for reinforcement learning: a response without a box is wrong. */
  public MathGrader() {
    this(true);
  }

  /**
   * A grader that may look for an unboxed answer.
   *
   * @param requireBoxed whether a response without a closed box is wrong whatever it says
   */
  public MathGrader(boolean requireBoxed) {
    this.requireBoxed = requireBoxed;
  }

  /**
   * A verdict, and what it compared.
   *
   * @param form what the gold answer was compared as: {@code number}, {@code formula}, {@code text}
   */
  record Graded(Verdict verdict, String form) {}

  @Override
  public Verdict grade(String gold, String response) {
    return graded(gold, response).verdict();
  }

  /** The verdict and the gold answer's form, in one pass. */
  Graded graded(String goldText, String response) {
    if (goldText.isBlank()) {
      throw new DataException("the gold answer is blank; give every problem an answer");
    }
    Reading wanted = goldAnswer(goldText);
    Verdict verdict =
        extract(response)
            .map(extracted -> compared(wanted, AnswerReader.read(extracted)))
            .orElseGet(() -> new Verdict(false, "", nothing()));
    return new Graded(verdict, wanted.form());
  }

  private String nothing() {
    return requireBoxed ? "no closed \\boxed{…}" : "no answer found";
  }

  private Verdict compared(Reading wanted, Reading got) {
    String extracted = got.text();
    boolean named =
        wanted.name().isPresent() && got.name().isPresent() && !wanted.name().equals(got.name());
    Verdict verdict =
        named
            ? new Verdict(
                false,
                extracted,
                got.name().get() + " is given, " + wanted.name().get() + " was wanted")
            : compare(wanted.answer(), got.answer(), extracted);
    boolean exact =
        !named && wanted.answer() instanceof Answer.Exact && got.answer() instanceof Answer.Exact;
    if (verdict.correct() || isDecimalComma(wanted, got)) {
      return new Verdict(true, extracted, verdict.correct() ? verdict.reason() : "equal numbers");
    }
    if (exact) {
      return verdict;
    }
    try {
      return saysTheSame(wanted, got)
          ? new Verdict(true, extracted, "the same formula in other words")
          : verdict;
    } catch (WorkException e) {
      return new Verdict(false, extracted, e.getMessage());
    }
  }

  /** Whether one of both is a number with a decimal comma, and the other is the same number. */
  private static boolean isDecimalComma(Reading wanted, Reading got) {
    Optional<Rational> gold = AnswerReader.decimalComma(wanted.text());
    Optional<Rational> answer = AnswerReader.decimalComma(got.text());
    return (gold.isPresent() && gold.equals(answer.or(() -> number(got))))
        || (answer.isPresent() && answer.equals(number(wanted)));
  }

  private static Optional<Rational> number(Reading reading) {
    return reading.answer() instanceof Answer.Exact exact
        ? Optional.of(exact.value())
        : Optional.empty();
  }

  private boolean saysTheSame(Reading wanted, Reading got) {
    Budget budget = new Budget(LONGEST);
    for (Formula gold : wanted.formulas()) {
      for (Formula answer : got.formulas()) {
        if (gold.isSaidBy(answer, budget)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The answer that a response states, as it writes it; empty if it states none. */
  public Optional<String> answer(String response) {
    return extract(response);
  }

  private Optional<String> extract(String response) {
    Optional<String> boxed = Boxes.last(response);
    if (requireBoxed) {
      return boxed;
    }
    Optional<String> last = AnswerExtractor.finalPhrase(response);
    if (last.isPresent()) {
      return last.map(MathGrader::readable);
    }
    if (boxed.isPresent()) {
      return boxed;
    }
    if (isBare(response)) {
      return Optional.of(response.strip());
    }
    Optional<String> phrase = AnswerExtractor.phrase(response);
    if (phrase.isPresent()) {
      return phrase.map(MathGrader::readable);
    }
    return AnswerExtractor.lastStated(response)
        .or(() -> Optional.of(response.strip()).filter(text -> text.length() <= MOST_BARE));
  }

  /** Whether a response is nothing but an answer: a number, or a formula without words. */
  private static boolean isBare(String response) {
    if (response.length() > MOST_BARE) {
      return false;
    }
    Reading whole = AnswerReader.read(response);
    return whole.answer() instanceof Answer.Exact
        || (!WORD.matcher(response).find() && !whole.formulas().isEmpty());
  }

  /** The part of a sentence that can be read: all of it, what follows its last "is", a formula. */
  private static String readable(String phrase) {
    int is = phrase.lastIndexOf(" is ");
    return Stream.of(
            Optional.of(phrase),
            Optional.of(phrase.substring(is < 0 ? 0 : is + 4).strip()),
            AnswerExtractor.lastMath(phrase),
            AnswerExtractor.lastNumber(phrase))
        .flatMap(Optional::stream)
        .filter(part -> AnswerReader.read(part).isReadable())
        .findFirst()
        .orElse(phrase);
  }

  /** The gold answer within a text: all of it where that can be read, else what a response says. */
  private static Reading goldAnswer(String gold) {
    Reading whole = AnswerReader.read(gold);
    if (Boxes.last(gold).isPresent() || whole.isReadable()) {
      return whole;
    }
    return Stream.of(Boxes.open(gold), AnswerExtractor.phrase(gold), AnswerExtractor.lastMath(gold))
        .flatMap(Optional::stream)
        .map(AnswerReader::read)
        .filter(Reading::isReadable)
        .findFirst()
        .orElse(whole);
  }

  private static Verdict compare(Answer wanted, Answer got, String extracted) {
    if (wanted instanceof Answer.Exact gold && got instanceof Answer.Exact number) {
      if (gold.value().equals(number.value())) {
        return new Verdict(true, extracted, "equal numbers");
      }
      boolean rounded = Rounding.same(gold.value(), number.value());
      return new Verdict(
          rounded, extracted, rounded ? "equal to all digits written" : "different numbers");
    }
    if (wanted instanceof Answer.Text gold && got instanceof Answer.Text text) {
      boolean equal = !gold.normalised().isEmpty() && gold.equals(text);
      return new Verdict(equal, extracted, equal ? "equal texts" : "different texts");
    }
    return new Verdict(
        false, extracted, wanted instanceof Answer.Exact ? "not a number" : "a number, not a text");
  }
}
