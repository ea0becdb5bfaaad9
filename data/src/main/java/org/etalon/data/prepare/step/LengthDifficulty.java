package org.etalon.data.prepare.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.etalon.data.DataException;
import org.etalon.data.prepare.Step;
import org.etalon.data.problem.Problem;

/**
 * Keeps long traces of hard problems, for the second stage of the curriculum.
 *
 * <p>Paper: P3 §2.1: traces of at least 5K tokens whose problem a reference model gets wrong in at
 * least three quarters of 8 rollouts.
 */
public final class LengthDifficulty implements Step {
  private final Options options;
  private final Rollouts rollouts;
  private final ToIntFunction<String> tokens;

  /**
   * What is long, and what is hard.
   *
   * @param minTokens shortest trace, tokens
   * @param minErrorRate smallest share of wrong rollouts, 0 to 1
   * @param minRollouts judged rollouts a problem must have
   */
  public record Options(int minTokens, double minErrorRate, int minRollouts) {
    /** The paper's: 5,000 tokens, 0.75, 8 rollouts. */
    public static final Options PAPER = new Options(5_000, 0.75, 8);

    public Options {
      Check.atLeast("minTokens", 0, minTokens);
      Check.share("minErrorRate", minErrorRate);
      Check.atLeast("minRollouts", 1, minRollouts);
    }

    static Options read(StepOptions from) {
      return new Options(
          from.whole("minTokens", PAPER.minTokens),
          from.number("minErrorRate", PAPER.minErrorRate),
          from.whole("minRollouts", PAPER.minRollouts));
    }
  }

  /**
   * @param rollouts of the reference model on the problems; no longer changed
   * @param tokens how many tokens a text has, by the tokenizer of the model to be trained
   */
  public LengthDifficulty(Options options, Rollouts rollouts, ToIntFunction<String> tokens) {
    this.options = options;
    this.rollouts = rollouts;
    this.tokens = tokens;
  }

  @Override
  public boolean isStateless() {
    return true;
  }

  /**
   * @throws DataException naming a problem with too few rollouts
   */
  @Override
  public Result apply(Problem problem) {
    Rollouts.Accuracy accuracy =
        rollouts
            .of(problem.id())
            .filter(found -> found.judged() >= options.minRollouts)
            .orElseThrow(() -> tooFew(problem));
    double errorRate = (double) (accuracy.judged() - accuracy.right()) / accuracy.judged();
    if (errorRate < options.minErrorRate) {
      return Result.dropped(
          new Note(
              "prompt",
              "is not hard enough",
              Map.of("errorRate", String.format(Locale.ROOT, "%.3f", errorRate))));
    }
    if (problem.traces().isEmpty()) {
      return Result.dropped(new Note("traces", "has no traces", Map.of()));
    }
    List<String> kept = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    for (int i = 0; i < problem.traces().size(); i++) {
      String trace = problem.traces().get(i);
      int length = tokens.applyAsInt(trace);
      if (length >= options.minTokens) {
        kept.add(trace);
      } else {
        notes.add(
            new Note(Traces.field(i), "is too short", Map.of("tokens", Integer.toString(length))));
      }
    }
    return Traces.result(problem, kept, notes, false);
  }

  private DataException tooFew(Problem problem) {
    int judged = rollouts.of(problem.id()).map(Rollouts.Accuracy::judged).orElse(0);
    return new DataException(
        "problem "
            + problem.id()
            + " must have at least "
            + options.minRollouts
            + " judged rollouts of the reference model, got "
            + judged
            + "; sample more, or lower minRollouts");
  }
}
