package org.etalon.data.prepare.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.prepare.Step.Note;
import org.etalon.data.prepare.Step.Result;
import org.etalon.data.problem.Problem;

/** Takes traces out of a problem. */
final class Traces {
  static final String NONE_LEFT = "no trace is left";

  private Traces() {}

  /** What speaks against a trace. */
  @FunctionalInterface
  interface Rule {
    /** Why the trace is dropped; empty if it is kept. */
    Optional<Note> objection(String trace, String field);
  }

  /**
   * Drops the traces that a rule objects to, and the problem if it had traces and none is left. A
   * problem without traces stays as it is.
   *
   * @param keepBare whether a problem stays when its last trace goes
   */
  static Result filter(Problem problem, boolean keepBare, Rule rule) {
    List<String> kept = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    for (int i = 0; i < problem.traces().size(); i++) {
      String trace = problem.traces().get(i);
      Optional<Note> objection = rule.objection(trace, field(i));
      objection.ifPresentOrElse(notes::add, () -> kept.add(trace));
    }
    return result(problem, kept, notes, keepBare);
  }

  /** The problem with the traces that were kept, or without them, or dropped. */
  static Result result(Problem problem, List<String> kept, List<Note> notes, boolean keepBare) {
    if (kept.size() == problem.traces().size()) {
      return new Result(Optional.of(problem), notes);
    }
    if (kept.isEmpty() && !keepBare) {
      List<Note> all = new ArrayList<>(notes);
      int had = problem.traces().size();
      all.add(new Note("traces", NONE_LEFT, Map.of("had", Integer.toString(had))));
      return new Result(Optional.empty(), all);
    }
    return new Result(Optional.of(problem.withTraces(kept)), notes);
  }

  static String field(int trace) {
    return "traces[" + trace + "]";
  }
}
