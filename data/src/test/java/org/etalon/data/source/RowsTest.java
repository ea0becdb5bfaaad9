package org.etalon.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowsTest {
  private static final List<String> TWO = List.of("{\"a\":1}", "{\"a\":{\"b\":[\"é\"]}}");

  @TempDir Path folder;

  @Test
  void everyFormOfJsonGivesTheSameRows() throws IOException {
    String lines = String.join("\n", TWO);
    for (Path file :
        List.of(
            Files.writeString(folder.resolve("a.jsonl"), lines),
            Files.writeString(folder.resolve("b.json"), "[" + String.join(" ,\n ", TWO) + "]\n"),
            Files.writeString(folder.resolve("c.json"), lines + "\n\n"),
            packed("d.jsonl.gz", lines),
            packed("e.json.gz", lines))) {
      assertEquals(TWO, read(file), file.toString());
    }
  }

  @Test
  void parquetIsReadWithNestedColumnsInOrder() throws SQLException {
    Path file = folder.resolve("it's.parquet");
    parquet(
        file,
        "SELECT i AS id, {'x': i, 'y': ['a', NULL]} AS s, MAP {'k': 1.5} AS m,"
            + " 'NaN'::DOUBLE AS n, 'é' AS etalon_row FROM range(3) t(i)");
    assertEquals(3, read(file).size());
    assertEquals(
        "{\"id\":2,\"s\":{\"x\":2,\"y\":[\"a\",null]},\"m\":{\"k\":1.5},\"n\":NaN,\"etalon_row\":\"é\"}",
        read(file).get(2));
    try (Rows rows = Rows.open(file)) {
      Row row = rows.next();
      assertEquals(file + " row 1", row.place());
      assertTrue(Double.isNaN(row.fields().get("n").asDouble()));
    }
  }

  @Test
  void aTableOfTextMayHaveQuotedBreaks() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("t.csv"), "Question,Correct Answer\n\"a \"\"b\"\"\nc\",1\nd,2\n");
    assertEquals(
        List.of(
            "{\"Question\":\"a \\\"b\\\"\\nc\",\"Correct Answer\":\"1\"}",
            "{\"Question\":\"d\",\"Correct Answer\":\"2\"}"),
        read(file));
  }

  @Test
  void aCutOrForeignParquetFileIsRefusedByName() throws IOException, SQLException {
    Path whole = folder.resolve("whole.parquet");
    parquet(whole, "SELECT i, repeat('abc', 100) AS s FROM range(5000) t(i)");
    byte[] bytes = Files.readAllBytes(whole);
    List<byte[]> broken = new ArrayList<>();
    for (int length : new int[] {0, 3, 11, 100, bytes.length / 2, bytes.length - 1}) {
      broken.add(Arrays.copyOf(bytes, length));
    }
    broken.add("PAR1 this is no footer \1\0\0\0PAR1".getBytes(StandardCharsets.UTF_8));
    byte[] longFooter = bytes.clone();
    longFooter[bytes.length - 5] = 0x7f;
    broken.add(longFooter);
    for (byte[] content : broken) {
      Path file = Files.write(folder.resolve("broken.parquet"), content);
      String message = assertThrows(DataException.class, () -> read(file)).getMessage();
      assertTrue(message.startsWith(file.toString()), message);
      assertEquals(1, message.lines().count(), message);
    }
  }

  @Test
  void aNameThatMeansManyFilesIsRefused() throws SQLException {
    Path file = folder.resolve("all.parquet");
    parquet(file, "SELECT 1 AS i");
    assertThrows(DataException.class, () -> TableRows.parquet(folder.resolve("a*.parquet")));
    assertThrows(DataException.class, () -> TableRows.text(folder.resolve("a[l]l.csv"), ','));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"a\":1}, 2] | row 2: expected a JSON object",
        "[{\"a\":1} | not JSON",
        "[{\"a\":1}] {} | nothing after the list",
        "[{\"a\":1,}] | not JSON",
        "nonsense | not JSON",
      })
  void aBrokenListIsRefusedWithItsPlace(String text, String says) throws IOException {
    Path file = Files.writeString(folder.resolve("list.json"), text);
    String message = assertThrows(DataException.class, () -> read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()) && message.contains(says), message);
  }

  @Test
  void aBlankLineBetweenRowsIsARowThatIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{}\n \n\n{\"a\":1}\n\n");
    try (Rows rows = Rows.open(file)) {
      rows.next().fields();
      Row blank = rows.next();
      assertTrue(
          assertThrows(DataException.class, blank::fields).getMessage().startsWith(file + ":2: "));
      assertEquals(4, rows.next().number());
      assertEquals(null, rows.next());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{\"a\":1,\"a\":2}", "{} {}", "[1]", "{\"a\":NaN}", "{\"a\":01}", "`\0{\0}`"})
  void aLineIsOneStrictObject(String line) {
    Row row = new Row(Path.of("f"), true, 7, line.getBytes(StandardCharsets.UTF_8));
    String message = assertThrows(DataException.class, row::fields).getMessage();
    assertTrue(message.startsWith("f:7: "), message);
  }

  private static void parquet(Path file, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (" + query + ") TO '" + file.toString().replace("'", "''") + "' (FORMAT parquet)");
    }
  }

  private Path packed(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private static List<String> read(Path file) {
    List<String> read = new ArrayList<>();
    try (Rows rows = Rows.open(file)) {
      for (Row row = rows.next(); row != null; row = rows.next()) {
        read.add(new String(row.json(), StandardCharsets.UTF_8));
      }
    }
    return read;
  }
}
