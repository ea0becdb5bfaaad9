package org.etalon.data.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.etalon.data.DataException;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;
import org.junit.jupiter.api.Assertions;

class RowsPropertyTest {
  @Provide
  Arbitrary<List<Problem>> problems() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .all()
            .excludeChars('\uFFFE', '\uFFFF')
            .ofMinLength(1)
            .ofMaxLength(40)
            .filter(t -> !t.isBlank() && new String(bytes(t), StandardCharsets.UTF_8).equals(t));
    Arbitrary<Problem> problem =
        Combinators.combine(
                text, text, text, text, text.list().ofMaxSize(3), Arbitraries.of(Kind.values()))
            .as(Problem::new);
    return problem.list().ofMinSize(1).ofMaxSize(6).uniqueElements(Problem::id);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Property(tries = 300, seed = "1")
  void problemsComeBackFromLinesAndLists(@ForAll("problems") List<Problem> problems)
      throws IOException {
    Path lines = Files.createTempFile("property", ".jsonl");
    Path list = Files.createTempFile("property", ".json");
    try {
      ProblemFile.write(lines, problems);
      Assertions.assertEquals(problems, ProblemFile.read(lines));
      Assertions.assertEquals(problems, ProblemSource.readAll(lines, Layouts.auto(1)));
      Files.writeString(list, "[" + String.join(",", Files.readAllLines(lines)) + "]");
      Assertions.assertEquals(problems, ProblemSource.readAll(list, Layouts.named("etalon", 1)));
    } finally {
      Files.delete(lines);
      Files.delete(list);
    }
  }

  @Property(tries = 60, seed = "1")
  void problemsComeBackFromParquet(@ForAll("problems") List<Problem> problems)
      throws IOException, SQLException {
    Path folder = Files.createTempDirectory("property");
    Path file = folder.resolve("rows.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (n INTEGER, q VARCHAR, a STRUCT(v VARCHAR), s VARCHAR[])");
      insert(connection, problems);
      statement.execute(
          "COPY (SELECT q, a, s FROM t ORDER BY n) TO '" + file + "' (FORMAT parquet)");
      List<Problem> read = ProblemSource.readAll(file, new Columns("q", "a.v", "s", "", ""));
      Assertions.assertEquals(problems.size(), read.size());
      for (int i = 0; i < read.size(); i++) {
        Assertions.assertEquals(problems.get(i).prompt(), read.get(i).prompt());
        Assertions.assertEquals(problems.get(i).answer(), read.get(i).answer());
        Assertions.assertEquals(problems.get(i).traces(), read.get(i).traces());
      }
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static void insert(Connection connection, List<Problem> problems) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO t VALUES (?, ?, {'v': ?}, ?)")) {
      for (int i = 0; i < problems.size(); i++) {
        insert.setInt(1, i);
        insert.setString(2, problems.get(i).prompt());
        insert.setString(3, problems.get(i).answer());
        insert.setObject(
            4, connection.createArrayOf("VARCHAR", problems.get(i).traces().toArray()));
        insert.execute();
      }
    }
  }

  /** Whatever stands in a file, every line is a row with its number, in order, as it is. */
  @Property(tries = 500, seed = "1")
  void everyLineIsReadOrRefusedWithItsPlace(@ForAll @Size(max = 200) byte[] content)
      throws IOException {
    Path file = Files.createTempFile("property", ".jsonl");
    try {
      byte[] withLines = content.clone();
      for (int i = 0; i < withLines.length; i += 7) {
        withLines[i] = withLines[i] < 0 ? (byte) '\n' : withLines[i];
      }
      Files.write(file, withLines);
      List<Long> numbers = new ArrayList<>();
      try (Rows rows = Rows.open(file)) {
        for (Row row = rows.next(); row != null; row = rows.next()) {
          numbers.add(row.number());
          readOrRefuse(row);
        }
      } catch (DataException e) {
        Assertions.assertTrue(e.getMessage().startsWith(file + ":1: "), e.getMessage());
      }
      Assertions.assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
    } finally {
      Files.delete(file);
    }
  }

  private static void readOrRefuse(Row row) {
    try {
      row.fields();
    } catch (DataException e) {
      Assertions.assertTrue(e.getMessage().startsWith(row.place() + ": "), e.getMessage());
    }
  }
}
