package org.etalon.data.grade;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.data.problem.Utf8Lines;

/**
 * Grades a file of tab-separated pairs, gold and prediction, with any grader; no header, further
 * columns are left out. In a field U+2424 stands for a line break, U+2409 for a tab, U+240D for a
 * carriage return and U+240C for a form feed.
 */
public final class PairFile {
  private static final ImmutableMap<String, String> ESCAPES =
      ImmutableMap.of("\u2424", "\n", "\u2409", "\t", "\u240d", "\r", "\u240c", "\f");
  private static final Splitter TABS = Splitter.on('\t');

  private PairFile() {}

  /**
   * Writes the two columns, then the verdict ({@code true} or {@code false}), the form and the
   * reason.
   *
   * @param form what answers are compared as, e.g. {@code option}
   * @throws DataException naming file and line of a pair that is none
   */
  public static GradeFile.Counts grade(Path input, Path output, Grader grader, String form) {
    int[] counts = new int[2];
    AtomicFile.write(
        output,
        out -> {
          try (Utf8Lines lines = new Utf8Lines(input)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
              if (line.isEmpty()) {
                continue;
              }
              List<String> pair = pair(lines.place(), line);
              Verdict verdict = verdict(lines.place(), pair, grader);
              counts[0]++;
              counts[1] += verdict.correct() ? 1 : 0;
              String correct = Boolean.toString(verdict.correct());
              String row =
                  String.join("\t", pair.get(0), pair.get(1), correct, form, verdict.reason());
              out.write((row + "\n").getBytes(StandardCharsets.UTF_8));
            }
          }
        });
    return new GradeFile.Counts(counts[0], counts[1]);
  }

  private static List<String> pair(String place, String line) {
    List<String> fields = TABS.splitToList(line);
    if (fields.size() < 2 || fields.get(0).isBlank()) {
      throw new DataException(
          place
              + ": expected a gold answer, a tab and a prediction, got "
              + fields.size()
              + " fields; correct the line");
    }
    return fields;
  }

  private static Verdict verdict(String place, List<String> pair, Grader grader) {
    try {
      return grader.grade(plain(pair.get(0)), plain(pair.get(1)));
    } catch (DataException e) {
      throw new DataException(place + ": " + e.getMessage(), e);
    }
  }

  private static String plain(String field) {
    String text = field;
    for (Map.Entry<String, String> escape : ESCAPES.entrySet()) {
      text = text.replace(escape.getKey(), escape.getValue());
    }
    return text;
  }
}
