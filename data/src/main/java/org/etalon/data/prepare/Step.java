package org.etalon.data.prepare;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.problem.Problem;

/**
 * One operation over a stream of problems: it keeps, changes or drops each. One object serves one
 * stream.
 */
public interface Step {
  /** What becomes of the next problem. */
  Result apply(Problem problem);

  /**
   * Whether a problem's result depends on that problem alone, so that problems may be handed over
   * by several threads at once; otherwise they come in their order from one thread.
   */
  default boolean isStateless() {
    return false;
  }

  /**
   * What became of a problem.
   *
   * @param kept the problem as it goes on; empty if it was dropped
   * @param notes what was dropped of it, or changed in it, and why; at least one if it was dropped
   */
  record Result(Optional<Problem> kept, List<Note> notes) {
    public Result {
      notes = ImmutableList.copyOf(notes);
    }

    /** The problem goes on as it is. */
    public static Result kept(Problem problem) {
      return new Result(Optional.of(problem), ImmutableList.of());
    }

    /** The problem is dropped. */
    public static Result dropped(Note note) {
      return new Result(Optional.empty(), ImmutableList.of(note));
    }
  }

  /**
   * One line of the report of what a step did.
   *
   * @param field what it concerns: {@code prompt}, {@code answer}, {@code traces[2]}
   * @param reason a few fixed words, by which notes are counted, e.g. {@code repeats itself}
   * @param facts what a person needs to judge it, e.g. the shared words; names as in JSON
   */
  record Note(String field, String reason, Map<String, String> facts) {
    public Note {
      facts = ImmutableMap.copyOf(facts);
    }
  }
}
