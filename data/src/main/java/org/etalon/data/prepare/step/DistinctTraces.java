package org.etalon.data.prepare.step;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.etalon.data.prepare.Step;
import org.etalon.data.problem.Problem;

/**
 * Keeps a few traces of each problem that differ from each other.
 *
 * <p>Paper: P3 §2.1, several valid solution paths of one problem are kept; not how. Our choice: the
 * preferred trace comes first, then again and again the one whose nearest kept trace is farthest,
 * until there are enough or none is far enough. The distance of two traces is 1 − shared / all of
 * their word shingles, or of their formulas. Of equal distances the preferred trace goes first, so
 * that there is nothing to draw.
 */
public final class DistinctTraces implements Step {
  private final Options options;

  /** Which trace is preferred. */
  public enum Prefer {
    FIRST,
    SHORTEST,
    LONGEST
  }

  /** What of two traces is compared. */
  public enum Compare {
    /** Runs of words. */
    WORDS,
    /** Formulas, in whatever words they stand. */
    FORMULAS
  }

  /**
   * Which traces stay.
   *
   * @param most traces of a problem
   * @param minDistance smallest distance of two traces, 0 to 1; equal ones go even at 0
   * @param compare what is compared
   * @param shingle words of a shingle
   * @param prefer which trace is preferred
   */
  public record Options(int most, double minDistance, Compare compare, int shingle, Prefer prefer) {
    /**
     * Our choice: 4 traces, because more cost tokens that other problems need; a distance of 0.3,
     * because traces that differ in names and greetings lie below it and other ways above.
     */
    public static final Options DEFAULT = new Options(4, 0.3, Compare.WORDS, 4, Prefer.FIRST);

    public Options {
      Check.atLeast("most", 1, most);
      Check.share("minDistance", minDistance);
      Check.atLeast("shingle", 1, shingle);
    }

    static Options read(StepOptions from) {
      return new Options(
          from.whole("most", DEFAULT.most),
          from.number("minDistance", DEFAULT.minDistance),
          from.choice("compare", DEFAULT.compare),
          from.whole("shingle", DEFAULT.shingle),
          from.choice("prefer", DEFAULT.prefer));
    }
  }

  public DistinctTraces(Options options) {
    this.options = options;
  }

  @Override
  public boolean isStateless() {
    return true;
  }

  @Override
  public Result apply(Problem problem) {
    List<String> traces = problem.traces();
    if (traces.size() < 2) {
      return Result.kept(problem);
    }
    return new Selection(traces).result(problem);
  }

  /** The selection of one problem's traces. */
  private final class Selection {
    private final List<String> traces;
    private final List<long[]> sets = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();

    /** Distance to the nearest kept trace, and which that is. */
    private final double[] distance;

    private final int[] nearest;
    private final boolean[] kept;

    Selection(List<String> traces) {
      this.traces = traces;
      this.distance = new double[traces.size()];
      this.nearest = new int[traces.size()];
      this.kept = new boolean[traces.size()];
      for (int i = 0; i < traces.size(); i++) {
        sets.add(set(traces.get(i)));
        order.add(i);
        distance[i] = Double.POSITIVE_INFINITY;
      }
      order.sort(preference());
      keep(order.get(0));
      int next = farthest();
      for (int count = 1; next >= 0 && count < options.most; count++) {
        keep(next);
        next = farthest();
      }
    }

    private Comparator<Integer> preference() {
      Comparator<Integer> length = Comparator.comparingInt(i -> traces.get(i).length());
      Comparator<Integer> text = Comparator.comparing(traces::get);
      return switch (options.prefer) {
        case FIRST -> Comparator.naturalOrder();
        case SHORTEST -> length.thenComparing(text);
        case LONGEST -> length.reversed().thenComparing(text);
      };
    }

    private long[] set(String trace) {
      WordRow words = WordRow.of(trace);
      return switch (options.compare) {
        case WORDS ->
            HashSets.sorted(words.grams(Math.max(1, Math.min(words.size(), options.shingle))));
        case FORMULAS -> HashSets.sorted(Formulas.hashes(words));
      };
    }

    private void keep(int trace) {
      kept[trace] = true;
      for (int i = 0; i < traces.size(); i++) {
        double to = kept[i] ? 0 : distance(i, trace);
        if (to < distance[i]) {
          distance[i] = to;
          nearest[i] = trace;
        }
      }
    }

    private double distance(int a, int b) {
      if (traces.get(a).equals(traces.get(b))) {
        return 0;
      }
      // Where there is nothing to compare, other texts are other traces.
      return sets.get(a).length + sets.get(b).length == 0
          ? 1
          : 1 - HashSets.jaccard(sets.get(a), sets.get(b));
    }

    /** The trace to keep next, or −1 if none is far enough. */
    private int farthest() {
      int best = -1;
      for (int i : order) {
        boolean enough = distance[i] > 0 && distance[i] >= options.minDistance;
        if (!kept[i] && enough && (best < 0 || distance[i] > distance[best])) {
          best = i;
        }
      }
      return best;
    }

    Result result(Problem problem) {
      List<String> left = new ArrayList<>();
      List<Note> notes = new ArrayList<>();
      for (int i = 0; i < traces.size(); i++) {
        if (kept[i]) {
          left.add(traces.get(i));
        } else {
          notes.add(note(i));
        }
      }
      return Traces.result(problem, left, notes, false);
    }

    private Note note(int trace) {
      boolean equal = traces.get(trace).equals(traces.get(nearest[trace]));
      boolean near = distance[trace] == 0 || distance[trace] < options.minDistance;
      String reason =
          equal ? "equals another trace" : near ? "resembles another trace" : "is one too many";
      return new Note(
          Traces.field(trace),
          reason,
          Map.of(
              "nearest", Traces.field(nearest[trace]),
              "distance", String.format(Locale.ROOT, "%.3f", distance[trace])));
    }
  }
}
