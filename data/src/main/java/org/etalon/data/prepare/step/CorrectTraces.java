package org.etalon.data.prepare.step;

import com.google.common.base.Ascii;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.etalon.data.DataException;
import org.etalon.data.grade.Grader;
import org.etalon.data.grade.MathGrader;
import org.etalon.data.grade.Verdict;
import org.etalon.data.prepare.Step;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;

/**
 * Keeps the traces whose answer the grader of the problem's kind accepts.
 *
 * <p>Paper: P3 §2.1, traces are filtered by their answers, programs by running them. Our choice: a
 * trace that was cut, seen by thinking that never ends or is followed by nothing, goes whatever it
 * says; verdicts that the grader could not reach are counted apart from wrong ones.
 */
public final class CorrectTraces implements Step {
  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";
  private static final int SHOWN = 120;
  private static final MathGrader BOXED = new MathGrader(true);

  private final Options options;
  private final Function<Kind, Grader> graders;

  /** What becomes of a trace that the grader could not judge. */
  public enum Undecided {
    KEEP,
    DROP
  }

  /** What becomes of a problem whose gold answer its grader refuses. */
  public enum Ungradable {
    STOP,
    DROP
  }

  /**
   * What is demanded of a trace.
   *
   * @param undecided what becomes of a trace that the grader could not judge
   * @param requireBox whether a trace of a mathematical problem must state its answer in a closed
   *     {@code \boxed{…}}
   * @param requireEnd whether thinking that was begun must end and be followed by a response
   * @param ungradable what becomes of a problem whose gold answer its grader refuses
   * @param keepWithoutTraces whether a problem stays when its last trace goes
   */
  public record Options(
      Undecided undecided,
      boolean requireBox,
      boolean requireEnd,
      Ungradable ungradable,
      boolean keepWithoutTraces) {
    /** Nothing undecided, no box needed, no trace that was cut, no gold answer that is none. */
    public static final Options DEFAULT =
        new Options(Undecided.DROP, false, true, Ungradable.STOP, false);

    static Options read(StepOptions from) {
      return new Options(
          from.choice("undecided", DEFAULT.undecided),
          from.flag("requireBox", DEFAULT.requireBox),
          from.flag("requireEnd", DEFAULT.requireEnd),
          from.choice("ungradable", DEFAULT.ungradable),
          from.flag("keepWithoutTraces", DEFAULT.keepWithoutTraces));
    }
  }

  /**
   * @param graders the grader of each kind
   */
  public CorrectTraces(Options options, Function<Kind, Grader> graders) {
    this.options = options;
    this.graders = graders;
  }

  @Override
  public boolean isStateless() {
    return true;
  }

  /**
   * @throws DataException if there is no grader for the problem's kind, or naming the problem whose
   *     gold answer it refuses, if those stop
   */
  @Override
  public Result apply(Problem problem) {
    if (problem.traces().isEmpty()) {
      return Result.kept(problem);
    }
    Grader grader = graders.apply(problem.kind());
    try {
      return Traces.filter(
          problem,
          options.keepWithoutTraces,
          (trace, field) -> objection(problem, grader, trace, field));
    } catch (DataException e) {
      if (options.ungradable == Ungradable.STOP) {
        throw new DataException(
            "problem "
                + problem.id()
                + ": "
                + e.getMessage()
                + "; correct it, or set ungradable to drop",
            e);
      }
      return Result.dropped(
          new Note("answer", "the gold answer cannot be graded", Map.of("message", shown(e))));
    }
  }

  private Optional<Note> objection(Problem problem, Grader grader, String trace, String field) {
    if (options.requireEnd && isCut(trace)) {
      return Optional.of(new Note(field, "was cut while thinking", Map.of("end", end(trace))));
    }
    if (options.requireBox && problem.kind() == Kind.MATH && BOXED.answer(trace).isEmpty()) {
      return Optional.of(new Note(field, "has no boxed answer", Map.of("end", end(trace))));
    }
    Verdict verdict = grader.grade(problem.answer(), trace);
    if (verdict.correct()) {
      return Optional.empty();
    }
    Map<String, String> facts =
        Map.of(
            "gold", Ascii.truncate(problem.answer(), SHOWN, "…"),
            "answer", Ascii.truncate(verdict.extracted(), SHOWN, "…"),
            "verdict", verdict.reason());
    if (verdict.decided()) {
      return Optional.of(new Note(field, "the answer is wrong", facts));
    }
    return options.undecided == Undecided.KEEP
        ? Optional.empty()
        : Optional.of(new Note(field, "the grader could not tell", facts));
  }

  /** Whether thinking was begun and not ended, or ended and followed by nothing. */
  static boolean isCut(String trace) {
    int closed = trace.lastIndexOf(CLOSE);
    if (closed < 0) {
      return trace.contains(OPEN);
    }
    return trace.indexOf(OPEN, closed) >= 0 || trace.substring(closed + CLOSE.length()).isBlank();
  }

  private static String end(String trace) {
    return trace.substring(Math.max(0, trace.length() - SHOWN));
  }

  private static String shown(DataException e) {
    return Ascii.truncate(String.valueOf(e.getMessage()), 400, "…");
  }
}
