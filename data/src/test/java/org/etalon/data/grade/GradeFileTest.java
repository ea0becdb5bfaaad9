package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradeFileTest {
  @TempDir private Path folder;

  @Test
  void everyPairGetsVerdictFormAndReason() throws IOException {
    Path input = folder.resolve("pairs.tsv");
    Files.write(
        input,
        List.of(
            "$1/2$\tso \\boxed{0.5}",
            "x+1\t$1+x$\tignored",
            "Yes\tNo",
            "9\tfirst 7\u2424then \\[\u24249\u2424\\]"));
    Path output = folder.resolve("verdicts.tsv");
    assertEquals(new GradeFile.Counts(4, 3), GradeFile.math(input, output));
    List<String> rows = Files.readAllLines(output);
    assertEquals("$1/2$\tso \\boxed{0.5}\ttrue\tnumber\tequal numbers", rows.get(0));
    assertTrue(rows.get(1).startsWith("x+1\t$1+x$\ttrue\tformula\t"), rows.get(1));
    assertTrue(rows.get(2).startsWith("Yes\tNo\tfalse\ttext\t"), rows.get(2));
    assertTrue(rows.get(3).contains("\u2424\\]\ttrue\tnumber\t"), rows.get(3));
  }

  @Test
  void aLongFileKeepsItsOrder() throws IOException {
    Path input = folder.resolve("pairs.tsv");
    List<String> pairs =
        IntStream.range(0, 3_000).mapToObj(n -> "x+" + n + "\t$" + n / 2 * 2 + "+x$").toList();
    Files.write(input, pairs);
    Path output = folder.resolve("verdicts.tsv");
    assertEquals(new GradeFile.Counts(3_000, 1_500), GradeFile.math(input, output));
    List<String> rows = Files.readAllLines(output);
    for (int n = 0; n < 3_000; n++) {
      assertTrue(rows.get(n).startsWith(pairs.get(n) + "\t" + (n % 2 == 0) + "\t"), rows.get(n));
    }
  }

  @Test
  void aLineThatIsNoPairIsNamedAndNothingIsWritten() throws IOException {
    Path input = folder.resolve("pairs.tsv");
    Files.writeString(input, "1\t1\nonly one\n");
    Path output = folder.resolve("verdicts.tsv");
    var error = assertThrows(DataException.class, () -> GradeFile.math(input, output));
    assertTrue(error.getMessage().contains("pairs.tsv:2: "), error.getMessage());
    assertFalse(Files.exists(output));
  }
}
