package org.etalon.data.grade;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.grade.AnswerReader.Reading;
import org.etalon.data.grade.math.Formula;

/**
 * Grades answers to mathematical problems: numbers exactly, anything else as normalised text.
 *
 * <p>The response's answer is the content of its last {@code \boxed{…}}, or of several boxes side
 * by side. Where a box is not required, a "final answer is" after the last box goes before it, and
 * where there is no box the answer is the whole response if that is a number, else what follows the
 * last "answer is", else the last formula between dollar signs or LaTeX's brackets, else the last
 * number.
 *
 * <p>What is no number is compared as a formula ({@link org.etalon.data.grade.math}): terms, lists,
 * tuples, sets, intervals, relations, matrices; what is no formula either as normalised text.
 *
 * <p>{@code 0.5}, {@code 1/2}, {@code \frac{1}{2}}, {@code 50\%} and {@code x = 2^{-1}} are one
 * number; {@code 0.33} and {@code 1/3} are two. Our choice: no tolerance, because a reward for
 * nearly right teaches rounding; units are ignored; two assignments to different variables differ.
 */
public final class MathGrader implements Grader {
  /** A gold answer written with a decimal comma, which is no list of two numbers. */
  private static final Pattern DECIMAL_COMMA = Pattern.compile("\\$?-?\\d+,\\d{1,2}\\$?");

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

  @Override
  public Verdict grade(String goldText, String response) {
    if (goldText.isBlank()) {
      throw new DataException("the gold answer is blank; give every problem an answer");
    }
    String gold = goldAnswer(goldText);
    Optional<String> extracted = extract(response);
    if (extracted.isEmpty()) {
      return new Verdict(false, "", requireBoxed ? "no closed \\boxed{…}" : "no answer found");
    }
    Reading wanted = AnswerReader.read(gold);
    Reading got = AnswerReader.read(extracted.get());
    if (wanted.name().isPresent() && got.name().isPresent() && !wanted.name().equals(got.name())) {
      return new Verdict(
          false,
          extracted.get(),
          got.name().get() + " is given, " + wanted.name().get() + " was asked for");
    }
    Verdict verdict = compare(wanted.answer(), got.answer(), extracted.get());
    boolean exact = wanted.answer() instanceof Answer.Exact && got.answer() instanceof Answer.Exact;
    if (verdict.correct() || exact || !saysTheSame(gold, extracted.get())) {
      return verdict;
    }
    return new Verdict(true, extracted.get(), "the same formula in other words");
  }

  private static boolean saysTheSame(String gold, String answer) {
    List<Formula> all = new ArrayList<>(AnswerReader.formulas(gold));
    if (DECIMAL_COMMA.matcher(gold.strip()).matches()) {
      all.addAll(AnswerReader.formulas(gold.replace(',', '.')));
    }
    List<Formula> answers = AnswerReader.formulas(answer);
    for (Formula wanted : all) {
      for (Formula got : answers) {
        if (wanted.isSaidBy(got)) {
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
    Optional<String> boxed = AnswerExtractor.boxed(response);
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
    return AnswerExtractor.lastMath(response)
        .or(() -> AnswerExtractor.lastNumber(response))
        .or(() -> Optional.of(response.strip()).filter(text -> text.length() <= MOST_BARE));
  }

  /** Whether a response is nothing but an answer: a number, or a formula without words. */
  private static boolean isBare(String response) {
    return AnswerReader.read(response).answer() instanceof Answer.Exact
        || (response.length() <= MOST_BARE
            && !WORD.matcher(response).find()
            && !AnswerReader.formulas(response).isEmpty());
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
        .filter(AnswerReader::isReadable)
        .findFirst()
        .orElse(phrase);
  }

  /** What a gold answer is compared as: {@code number}, {@code formula} or {@code text}. */
  public static String form(String gold) {
    String answer = goldAnswer(gold);
    if (AnswerReader.read(answer).answer() instanceof Answer.Exact) {
      return "number";
    }
    return AnswerReader.formulas(answer).isEmpty() ? "text" : "formula";
  }

  /** The gold answer within a text: all of it where that can be read, else what a response says. */
  private static String goldAnswer(String gold) {
    if (AnswerExtractor.boxed(gold).isPresent() || AnswerReader.isReadable(gold)) {
      return gold;
    }
    return AnswerExtractor.phrase(gold)
        .filter(AnswerReader::isReadable)
        .or(() -> AnswerExtractor.lastMath(gold))
        .filter(AnswerReader::isReadable)
        .orElse(gold);
  }

  private static Verdict compare(Answer wanted, Answer got, String extracted) {
    if (wanted instanceof Answer.Exact gold && got instanceof Answer.Exact number) {
      boolean equal = gold.value().equals(number.value());
      return new Verdict(equal, extracted, equal ? "equal numbers" : "different numbers");
    }
    if (wanted instanceof Answer.Text gold && got instanceof Answer.Text text) {
      boolean equal = !gold.normalised().isEmpty() && gold.equals(text);
      return new Verdict(equal, extracted, equal ? "equal texts" : "different texts");
    }
    return new Verdict(
        false, extracted, wanted instanceof Answer.Exact ? "not a number" : "a number, not a text");
  }
}
