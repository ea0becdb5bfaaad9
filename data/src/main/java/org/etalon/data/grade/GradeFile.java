package org.etalon.data.grade;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

  private GradeFile() {}

  /**
   * How many pairs there were.
   *
   * @param pairs all
   * @param correct those whose prediction gives the gold answer
   */
  public record Counts(int pairs, int correct) {}

  /**
   * Writes the two columns, then the verdict ({@code true} or {@code false}), the form that the
   * gold answer was compared as, and the reason.
   *
   * @throws DataException naming file and line of a pair that is none
   */
  public static Counts math(Path input, Path output) {
    MathGrader grader = new MathGrader(false);
    int[] counts = new int[2];
    AtomicFile.write(
        output,
        out -> {
          try (Utf8Lines lines = new Utf8Lines(input)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
              if (!line.isEmpty()) {
                counts[0]++;
                counts[1] += grade(lines.place(), line, grader, out) ? 1 : 0;
              }
            }
          }
        });
    return new Counts(counts[0], counts[1]);
  }

  private static boolean grade(String place, String line, MathGrader grader, OutputStream out)
      throws IOException {
    List<String> fields = TABS.splitToList(line);
    if (fields.size() < 2 || fields.get(0).isBlank()) {
      throw new DataException(
          place
              + ": expected a gold answer, a tab and a prediction, got "
              + fields.size()
              + " fields; correct the line");
    }
    String gold = plain(fields.get(0));
    MathGrader.Graded graded = grader.graded(gold, plain(fields.get(1)));
    Verdict verdict = graded.verdict();
    String row =
        String.join(
            "\t",
            fields.get(0),
            fields.get(1),
            Boolean.toString(verdict.correct()),
            graded.form(),
            verdict.reason());
    out.write((row + "\n").getBytes(StandardCharsets.UTF_8));
    return verdict.correct();
  }

  private static String plain(String field) {
    String text = field;
    for (Map.Entry<String, String> escape : ESCAPES.entrySet()) {
      text = text.replace(escape.getKey(), escape.getValue());
    }
    return text;
  }
}
