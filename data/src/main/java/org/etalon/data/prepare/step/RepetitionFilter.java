package org.etalon.data.prepare.step;

import com.google.common.base.Ascii;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.prepare.Step;
import org.etalon.data.problem.Problem;

/**
 * Drops traces that loop: one passage back to back, or too many of their word n-grams said before.
 * Linear in the text.
 *
 * <p>Paper: P3 §2.1, n-gram repetition filter, without its numbers. Our choice, see {@link
 * Options#DEFAULT}.
 */
public final class RepetitionFilter implements Step {
  private static final int SHOWN = 120;

  private final Options options;

  /**
   * What counts as repetition.
   *
   * @param gram words of a gram
   * @param maxShare largest share of grams that occurred earlier in the trace, 0 to 1
   * @param minGrams grams below which the share says nothing
   * @param maxPeriod longest passage looked for back to back, words
   * @param minRepeats times a passage stands back to back before it is a loop, at least 2
   * @param minLoopWords words these repeats cover together before they are a loop
   * @param keepWithoutTraces whether a problem stays when its last trace goes
   */
  public record Options(
      int gram,
      double maxShare,
      int minGrams,
      int maxPeriod,
      int minRepeats,
      int minLoopWords,
      boolean keepWithoutTraces) {
    /**
     * Our choice: 20 words, because a chain of cases or of arithmetic repeats its forms but puts
     * other numbers into them every few words; a share of one half, because a trace that writes its
     * whole solution or program twice, thinking and answering, reaches it and no more; 4 repeats
     * over 100 words, because rows of zeros, rules of tables and sums of ones are shorter. The
     * largest share among the solutions of MATH-500, GSM8K's test set and HumanEval is 0.39; none
     * of these 1,983 goes.
     */
    public static final Options DEFAULT = new Options(20, 0.5, 100, 128, 4, 100, false);

    public Options {
      Check.atLeast("gram", 1, gram);
      Check.share("maxShare", maxShare);
      Check.atLeast("minGrams", 1, minGrams);
      Check.atLeast("maxPeriod", 0, maxPeriod);
      Check.atLeast("minRepeats", 2, minRepeats);
      Check.atLeast("minLoopWords", 2, minLoopWords);
    }

    static Options read(StepOptions from) {
      return new Options(
          from.whole("gram", DEFAULT.gram),
          from.number("maxShare", DEFAULT.maxShare),
          from.whole("minGrams", DEFAULT.minGrams),
          from.whole("maxPeriod", DEFAULT.maxPeriod),
          from.whole("minRepeats", DEFAULT.minRepeats),
          from.whole("minLoopWords", DEFAULT.minLoopWords),
          from.flag("keepWithoutTraces", DEFAULT.keepWithoutTraces));
    }
  }

  /**
   * A passage that stands back to back.
   *
   * @param from its first word
   * @param period its words
   * @param times how often
   */
  record Loop(int from, int period, int times) {}

  public RepetitionFilter(Options options) {
    this.options = options;
  }

  @Override
  public boolean isStateless() {
    return true;
  }

  @Override
  public Result apply(Problem problem) {
    return Traces.filter(problem, options.keepWithoutTraces, this::objection);
  }

  private Optional<Note> objection(String trace, String field) {
    WordRow words = WordRow.of(trace);
    Optional<Loop> loop = loop(words);
    if (loop.isPresent()) {
      Loop found = loop.get();
      String passage = words.text(found.from, found.from + found.period);
      return Optional.of(
          new Note(
              field,
              "repeats a passage back to back",
              Map.of(
                  "passage", Ascii.truncate(passage, SHOWN, "…"),
                  "words", Integer.toString(found.period),
                  "times", Integer.toString(found.times))));
    }
    double share = repeatedShare(words);
    if (share <= options.maxShare) {
      return Optional.empty();
    }
    return Optional.of(
        new Note(
            field,
            "says too much again",
            Map.of(
                "share", String.format(Locale.ROOT, "%.3f", share),
                "gram", Integer.toString(options.gram),
                "words", Integer.toString(words.size()))));
  }

  /** Share of the grams that occurred earlier; 0 if there are too few to tell. */
  double repeatedShare(WordRow words) {
    long[] grams = words.grams(options.gram);
    if (grams.length < options.minGrams) {
      return 0;
    }
    return 1 - (double) HashSets.distinct(grams) / grams.length;
  }

  /** The loop with the shortest period, the first of these. */
  Optional<Loop> loop(WordRow words) {
    int[] row = new int[words.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = (int) words.hash(i);
    }
    for (int period = 1; period <= options.maxPeriod && period < row.length; period++) {
      long repeats = (options.minRepeats - 1L) * period;
      int needed = (int) Math.min(row.length, Math.max(repeats, options.minLoopWords - period));
      // So long a run of words equal to those a period before has one at every such step.
      for (int at = period + needed - 1; at < row.length; at += needed) {
        int from = at;
        while (from >= period && row[from] == row[from - period]) {
          from--;
        }
        int to = at;
        while (from < at && to + 1 < row.length && row[to + 1] == row[to + 1 - period]) {
          to++;
        }
        if (to - from >= needed) {
          return Optional.of(new Loop(from + 1 - period, period, 1 + (to - from) / period));
        }
      }
    }
    return Optional.empty();
  }
}
