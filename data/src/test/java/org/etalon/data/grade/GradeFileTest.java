package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  void aLineThatIsNoPairIsNamedAndNothingIsWritten() throws IOException {
    Path input = folder.resolve("pairs.tsv");
    Files.writeString(input, "1\t1\nonly one\n");
    Path output = folder.resolve("verdicts.tsv");
    var error = assertThrows(DataException.class, () -> GradeFile.math(input, output));
    assertTrue(error.getMessage().contains("pairs.tsv:2: "), error.getMessage());
    assertFalse(Files.exists(output));
  }
}
