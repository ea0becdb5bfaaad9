package org.etalon.data.grade;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.data.problem.Utf8Lines;

/**
 * Grades a file of tab-separated pairs, gold and prediction, without a header; further columns are
 * left out. In a field U+2424 stands for a line break, U+2409 for a tab, U+240D for a carriage
 * return and U+240C for a form feed.
 */
public final class GradeFile {
  private static final ImmutableMap<String, String> ESCAPES =
      ImmutableMap.of("\u2424", "\n", "\u2409", "\t", "\u240d", "\r", "\u240c", "\f");
  private static final Splitter TABS = Splitter.on('\t');

  private static final int MOST_AT_ONCE = 1_024;
  private static final int MOST_CHARACTERS_AT_ONCE = 1 << 24;

  private GradeFile() {}

  /**
   * How many pairs there were.
   *
   * @param pairs all
   * @param correct those whose prediction gives the gold answer
   */
  public record Counts(int pairs, int correct) {}

  /** What a pair is found to be. */
  private interface Judge {
    MathGrader.Graded judge(String gold, String prediction);
  }

  /**
   * Grades mathematical answers: writes the two columns, then the verdict ({@code true} or {@code
   * false}), the form that the gold answer was compared as, and the reason.
   *
   * @throws DataException naming file and line of a pair that is none
   */
  public static Counts math(Path input, Path output) {
    return grade(input, output, new MathGrader(false)::graded);
  }

  /** The same for the letters of options; the form is {@code option}. */
  public static Counts options(Path input, Path output) {
    OptionGrader grader = new OptionGrader();
    return grade(
        input,
        output,
        (gold, prediction) -> new MathGrader.Graded(grader.grade(gold, prediction), "option"));
  }

  private static Counts grade(Path input, Path output, Judge judge) {
    int[] counts = new int[2];
    AtomicFile.write(
        output,
        out -> {
          try (Utf8Lines lines = new Utf8Lines(input)) {
            for (List<Pair> some = next(lines); !some.isEmpty(); some = next(lines)) {
              // In parallel, and yet in the order of the file.
              List<Row> rows = some.parallelStream().map(pair -> graded(judge, pair)).toList();
              for (Row row : rows) {
                counts[0]++;
                counts[1] += row.correct() ? 1 : 0;
                out.write(row.text().getBytes(StandardCharsets.UTF_8));
              }
            }
          }
        });
    return new Counts(counts[0], counts[1]);
  }

  /** The two fields of a line, as they stand. */
  private record Pair(String place, String gold, String prediction) {}

  /** A line of the output. */
  private record Row(boolean correct, String text) {}

  /** The next pairs, none at the end. */
  private static List<Pair> next(Utf8Lines lines) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    int characters = 0;
    while (pairs.size() < MOST_AT_ONCE && characters < MOST_CHARACTERS_AT_ONCE) {
      String line = lines.next();
      if (line == null) {
        return pairs;
      }
      if (!line.isEmpty()) {
        pairs.add(pair(lines.place(), line));
        characters += line.length();
      }
    }
    return pairs;
  }

  private static Pair pair(String place, String line) {
    List<String> fields = TABS.splitToList(line);
    if (fields.size() < 2 || plain(fields.get(0)).isBlank()) {
      throw new DataException(
          place
              + ": expected a gold answer, a tab and a prediction, got "
              + fields.size()
              + " fields; correct the line");
    }
    return new Pair(place, fields.get(0), fields.get(1));
  }

  private static Row graded(Judge judge, Pair pair) {
    MathGrader.Graded graded;
    try {
      graded = judge.judge(plain(pair.gold), plain(pair.prediction));
    } catch (DataException e) {
      throw new DataException(pair.place + ": " + e.getMessage(), e);
    }
    Verdict verdict = graded.verdict();
    String text =
        String.join(
            "\t",
            pair.gold,
            pair.prediction,
            Boolean.toString(verdict.correct()),
            graded.form(),
            verdict.reason());
    return new Row(verdict.correct(), text + "\n");
  }

  private static String plain(String field) {
    String text = field;
    for (Map.Entry<String, String> escape : ESCAPES.entrySet()) {
      text = text.replace(escape.getKey(), escape.getValue());
    }
    return text;
  }
}
