package org.etalon.data.grade.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunCodeFileTest {
  private static final String TESTS = ",'kind':'stdin','tests':[{'input':'3','output':'3'}]}\n";

  @TempDir Path folder;

  @Test
  void verdictsComeInTheOrderOfTheInput() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      // The earlier a program, the longer it takes.
      lines.append(
          "{'id':'p%d','code':'import time\\ntime.sleep(%s)\\nprint(input())'%s"
              .formatted(i, (20 - i) / 100.0, TESTS));
    }
    lines.append("{'id':7,'response':'So:\\n```python\\nprint(3)\\n```'" + TESTS);
    lines.append("{'id':'none','response':'print(3)'" + TESTS);
    lines.append(
        "{'id':'f','code':'def f(a): return a','kind':'functional','func_name':'f','tests':["
            + "{'input':'1','output':'1'},{'input':'[2]','output':'2'}],'seconds':5,'memory_mb':64}\n");
    Path output = folder.resolve("out.jsonl");
    Map<CodeVerdict, Integer> counts = RunCodeFile.run(input(lines.toString()), output, 3);
    assertEquals(Map.of(CodeVerdict.OK, 21, CodeVerdict.WA, 1, CodeVerdict.RE, 1), counts);
    List<JsonNode> rows = rows(output);
    assertEquals(23, rows.size());
    for (int i = 0; i < 20; i++) {
      assertEquals("p" + i, rows.get(i).get("id").asText());
    }
    assertTrue(rows.get(0).get("seconds").asDouble() >= 0.2, rows.get(0).toString());
    assertTrue(rows.get(0).get("failed_test").isNull());
    assertEquals(7, rows.get(20).get("id").asInt());
    assertEquals("no fenced block of code", rows.get(21).get("message").asText());
    assertEquals(1, rows.get(22).get("failed_test").asInt());
    assertEquals("WA", rows.get(22).get("verdict").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "{'id':'a'|expected one of \"response\" and \"code\", got neither",
        "{'id':'a','code':'','response':''|expected one of \"response\" and \"code\", got both",
        "{'code':''|field \"id\": expected a string or a whole number, got nothing",
        "{'id':'a','codes':''|unknown field \"codes\"; did you mean \"code\"?",
        "{'id':'a','code':1|field \"code\": expected a string, got 1",
        "{'id':'a','code':'','seconds':-1|field \"seconds\"",
        "{'id':'a','code':'','id':'b'|Duplicate field 'id'",
        "nonsense|expected JSON",
      })
  void aBadLineIsNamedBeforeAnythingRuns(String line, String complaint) throws IOException {
    Path input = input("{'id':'a','code':'print(3)'" + TESTS + line + TESTS);
    Path output = folder.resolve("out.jsonl");
    DataException e = assertThrows(DataException.class, () -> RunCodeFile.run(input, output, 1));
    assertTrue(e.getMessage().startsWith(input + ":2: "), e.getMessage());
    assertTrue(e.getMessage().contains(complaint), e.getMessage());
    assertFalse(Files.exists(output));
  }

  @Test
  void anEmptyFileIsRefused() {
    DataException e =
        assertThrows(
            DataException.class, () -> RunCodeFile.run(input(""), folder.resolve("out"), 1));
    assertTrue(e.getMessage().contains("expected at least one program"), e.getMessage());
  }

  private Path input(String lines) throws IOException {
    return Files.writeString(folder.resolve("in.jsonl"), lines.replace('\'', '"'));
  }

  private static List<JsonNode> rows(Path file) throws IOException {
    JsonMapper json = new JsonMapper();
    try (var rows = json.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return rows.readAll();
    }
  }
}
