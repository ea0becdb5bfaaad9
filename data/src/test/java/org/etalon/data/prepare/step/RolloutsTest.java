package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.etalon.data.DataException;
import org.etalon.data.prepare.step.Rollouts.Accuracy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutsTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("samples.jsonl"), text.replace('\'', '"'));
  }

  @Test
  void linesOfAnEvaluationBecomeAccuracies() throws IOException {
    Path file =
        file(
            """
            {'id':'a','prompt':'p','answer':'1','sample':0,'response':'x','correct':true,'truncated':false}
            {'id':'b','prompt':'p','answer':'1','sample':0,'response':'x','correct':false,'truncated':true}
            {'step':3,'id':'a','correct':false,'reward':0.1,'tokens':12,'more':[{'id':'c'}]}

            {'id':'a','correct':true}
            {'id':'u','correct':null}
            """);
    Rollouts rollouts = Rollouts.read(List.of(file));
    assertEquals(Optional.of(new Accuracy(2, 3)), rollouts.of("a"));
    assertEquals(Optional.of(new Accuracy(0, 1)), rollouts.of("b"));
    assertEquals(Optional.empty(), rollouts.of("u"), "what was not judged counts as nothing");
    assertEquals(Optional.empty(), rollouts.of("c"));
    assertEquals(2, rollouts.size());
    assertEquals(Optional.of(new Accuracy(4, 6)), Rollouts.read(List.of(file, file)).of("a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'id':'a'}                   | :1: field \"correct\": expected true or false",
        "{'correct':true}             | :1: field \"id\": expected a string",
        "{'id':7,'correct':true}      | :1: field \"id\": expected a string",
        "{'id':'a','correct':1}       | :1: field \"correct\": expected true or false",
        "{'id':'a','correct':'true'}  | :1: field \"correct\": expected true or false",
        "{'id':'a','corr              | :1: expected one JSON object",
        "[]                           | :1: expected a JSON object",
        "{'id':'a','correct':true} {} | :1: expected nothing after",
        "''                           | expected at least one rollout",
      })
  void aLineThatCannotBeUsedIsNamed(String line, String message) throws IOException {
    Path file = file(line.equals("''") ? "" : line + "\n");
    String complaint =
        assertThrows(DataException.class, () -> Rollouts.read(List.of(file))).getMessage();
    assertTrue(complaint.contains("samples.jsonl") && complaint.contains(message), complaint);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThrows(DataException.class, () -> Rollouts.read(List.of(folder.resolve("none"))));
  }

  @Property(tries = 100, seed = "1")
  void countsAreThoseOfAMap(@ForAll List<Short> draws) {
    Rollouts rollouts = new Rollouts();
    Map<String, int[]> naive = new HashMap<>();
    for (short draw : draws) {
      String id = "id-" + (draw >> 2);
      rollouts.add(id, draw % 2 == 0);
      int[] counts = naive.computeIfAbsent(id, key -> new int[2]);
      counts[0] += draw % 2 == 0 ? 1 : 0;
      counts[1]++;
    }
    assertEquals(naive.size(), rollouts.size());
    naive.forEach(
        (id, counts) ->
            assertEquals(new Accuracy(counts[0], counts[1]), rollouts.of(id).orElseThrow()));
  }

  @Test
  void aMillionProblemsFindTheirOwnRollouts() {
    Rollouts rollouts = new Rollouts();
    for (int i = 0; i < 1_000_000; i++) {
      rollouts.add("problem-" + i, i % 3 == 0);
    }
    assertEquals(1_000_000, rollouts.size());
    for (int i = 0; i < 1_000_000; i += 997) {
      int right = i % 3 == 0 ? 1 : 0;
      assertEquals(new Accuracy(right, 1), rollouts.of("problem-" + i).orElseThrow());
    }
    assertEquals(Optional.empty(), rollouts.of("problem-1000000"));
  }
}
