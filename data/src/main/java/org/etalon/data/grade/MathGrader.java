package org.etalon.data.grade;

import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.grade.AnswerReader.Reading;
import org.etalon.data.grade.math.Formula;

/**
 * Grades answers to mathematical problems: numbers exactly, anything else as normalised text.
 *
 * <p>The response's answer is the content of its last {@code \boxed{…}}. Where a box is not
 * required and there is none, it is the whole response if that is a number, else what follows the
 * last "answer is", else the last formula between dollar signs or LaTeX's brackets, else the last
 * number.
 *
 * <p>{@code 0.5}, {@code 1/2}, {@code \frac{1}{2}}, {@code 50\%} and {@code x = 2^{-1}} are one
 * number; {@code 0.33} and {@code 1/3} are two. Our choice: no tolerance, because a reward for
 * nearly right teaches rounding; units are ignored; two assignments to different variables differ.
 */
public final class MathGrader implements Grader {
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
  public Verdict grade(String gold, String response) {
    if (gold.isBlank()) {
      throw new DataException("the gold answer is blank; give every problem an answer");
    }
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
    for (Formula wanted : AnswerReader.formulas(gold)) {
      for (Formula got : AnswerReader.formulas(answer)) {
        if (wanted.isSaidBy(got)) {
          return true;
        }
      }
    }
    return false;
  }

  private Optional<String> extract(String response) {
    Optional<String> boxed = AnswerExtractor.boxed(response);
    if (requireBoxed || boxed.isPresent()) {
      return boxed;
    }
    if (AnswerReader.read(response).answer() instanceof Answer.Exact) {
      return Optional.of(response.strip());
    }
    return AnswerExtractor.phrase(response)
        .or(() -> AnswerExtractor.lastMath(response))
        .or(() -> AnswerExtractor.lastNumber(response));
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
