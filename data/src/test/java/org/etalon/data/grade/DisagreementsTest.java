package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code disagreements.tsv} holds every pair of which Math-Verify 0.8.0, or its own test, says
 * something else: gold, prediction, Math-Verify's verdict, ours, where the pair is from ({@code
 * given}: the cases in {@code shared/data/grading} beside the checkout; {@code suite}: the rest of
 * Math-Verify's tests), and who is right.
 */
class DisagreementsTest {
  private static final Splitter TABS = Splitter.on('\t');

  @TempDir private Path folder;

  private static List<List<String>> table() throws IOException {
    try (InputStream table = DisagreementsTest.class.getResourceAsStream("disagreements.tsv")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(TABS::splitToList)
          .toList();
    }
  }

  @Test
  void verdictsAreThoseOfTheTable() throws IOException {
    List<List<String>> table = table();
    List<String> pairs = table.stream().map(row -> row.get(0) + "\t" + row.get(1)).toList();
    List<String> ours = graded(pairs);
    for (int i = 0; i < table.size(); i++) {
      List<String> row = table.get(i);
      assertEquals(6, row.size(), row.toString());
      assertEquals(row.get(3), ours.get(i), row.toString());
      assertEquals(row.get(2).equals("true") ? "false" : "true", row.get(3), row.toString());
    }
  }

  @Test
  void theGivenCasesDifferNowhereElse() throws IOException {
    Path cases = grading();
    assumeTrue(cases != null, "no shared/data/grading beside the checkout");
    Set<String> expected = new TreeSet<>();
    for (List<String> row : table()) {
      if (row.get(4).equals("given")) {
        expected.add(row.get(0) + "\t" + row.get(1));
      }
    }
    List<List<String>> rows = new ArrayList<>();
    for (String name : List.of("math_cases.tsv", "math_mutations.tsv")) {
      Files.readAllLines(cases.resolve(name)).forEach(line -> rows.add(TABS.splitToList(line)));
    }
    List<String> ours = graded(rows.stream().map(row -> row.get(0) + "\t" + row.get(1)).toList());
    Set<String> differing = new TreeSet<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!ours.get(i).equals(rows.get(i).get(2))) {
        differing.add(rows.get(i).get(0) + "\t" + rows.get(i).get(1));
      }
    }
    assertEquals(expected, differing);
  }

  private List<String> graded(List<String> pairs) throws IOException {
    Path input = folder.resolve("pairs.tsv");
    Path output = folder.resolve("verdicts.tsv");
    Files.write(input, pairs);
    GradeFile.math(input, output);
    return Files.readAllLines(output).stream().map(row -> TABS.splitToList(row).get(2)).toList();
  }

  /** The folder of cases, in the first folder above this one that has it; null if none has. */
  private static Path grading() {
    for (Path above = Path.of("").toAbsolutePath(); above != null; above = above.getParent()) {
      Path cases = above.resolve("shared").resolve("data").resolve("grading");
      if (Files.isRegularFile(cases.resolve("math_cases.tsv"))) {
        return cases;
      }
    }
    return null;
  }
}
