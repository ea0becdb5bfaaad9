package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.etalon.savedmodels.folder.ModelFolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedModelTest {
  private static final int[] PROMPT = {5, 9, 300, 41};

  @TempDir static Path folder;
  private static SmallExport export;
  private static ServedModel model;

  @BeforeAll
  static void export() {
    export = new SmallExport();
    model = ServedModel.load(export.write(folder.resolve("model"), SmallExport.STOP));
  }

  @AfterAll
  static void close() {
    model.close();
    export.close();
  }

  private static ServedModel.Ask sampled(int topK, float topP, long seed, int maxNew) {
    return new ServedModel.Ask(PROMPT, 1.5f, topK, topP, seed, maxNew);
  }

  private static int[] firstTokens(int topK, float topP) {
    List<ServedModel.Ask> asks = new ArrayList<>();
    for (int seed = 0; seed < 400; seed++) {
      asks.add(sampled(topK, topP, seed, 1));
    }
    return model.generate(asks).stream().mapToInt(answer -> answer.ids()[0]).toArray();
  }

  /** The probability of every token after the prompt at temperature 1.5, by scoring each. */
  private static double[] distribution() {
    List<int[]> rows = new ArrayList<>();
    for (int id = 0; id < export.config.vocabulary(); id++) {
      int[] row = Arrays.copyOf(PROMPT, PROMPT.length + 1);
      row[PROMPT.length] = id;
      rows.add(row);
    }
    double[] p =
        model.score(rows).stream().mapToDouble(s -> Math.exp(s[PROMPT.length - 1] / 1.5)).toArray();
    double total = Arrays.stream(p).sum();
    return Arrays.stream(p).map(x -> x / total).toArray();
  }

  private static List<Integer> likeliestFirst(double[] p) {
    return IntStream.range(0, p.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer id) -> -p[id]))
        .toList();
  }

  private static Set<Integer> set(int[] ids) {
    return new TreeSet<>(Arrays.stream(ids).boxed().toList());
  }

  @Test
  void topKLeavesTheLikeliestTokens() {
    Set<Integer> likeliest = new TreeSet<>(likeliestFirst(distribution()).subList(0, 3));
    assertEquals(likeliest, set(firstTokens(3, 1)));
  }

  @Test
  void topPLeavesTheSmallestSetOfThatMass() {
    double[] p = distribution();
    List<Integer> order = likeliestFirst(p);
    float topP =
        (float) (p[order.get(0)] + p[order.get(1)] + p[order.get(2)] + p[order.get(3)] / 2);
    Set<Integer> nucleus = new TreeSet<>(order.subList(0, 4));
    assertEquals(nucleus, set(firstTokens(0, topP)));
    assertTrue(set(firstTokens(0, 1)).size() > 4, "without a limit there are more");
  }

  @Test
  void aSeedFixesARowAndAnotherChangesIt() {
    List<ServedModel.Answer> answers =
        model.generate(List.of(sampled(0, 1, 3, 12), sampled(0, 1, 4, 12), sampled(0, 1, 3, 12)));
    assertArrayEquals(answers.get(0).ids(), answers.get(2).ids());
    assertFalse(Arrays.equals(answers.get(0).ids(), answers.get(1).ids()));
    assertArrayEquals(
        answers.get(1).ids(), model.generate(List.of(sampled(0, 1, 4, 12))).get(0).ids());
  }

  @Test
  void aContinuedRowGoesOnAsOneCallWould() {
    int[] whole = model.generate(List.of(sampled(0, 1, 3, 30))).get(0).ids();
    int[] row = PROMPT;
    for (int done = 0; done < whole.length; done += 7) {
      var ask = new ServedModel.Ask(row, 1.5f, 0, 1, 3, Math.min(7, whole.length - done));
      int[] more = model.generate(List.of(ask)).get(0).ids();
      row = IntStream.concat(Arrays.stream(row), Arrays.stream(more)).toArray();
    }
    assertArrayEquals(whole, Arrays.copyOfRange(row, PROMPT.length, row.length));
  }

  @Test
  void aStopTokenEndsARow() {
    int stops = 0;
    for (ServedModel.Answer answer :
        model.generate(
            IntStream.range(0, 200)
                .mapToObj(seed -> new ServedModel.Ask(PROMPT, 9, 0, 1, seed, 50))
                .toList())) {
      int length = answer.ids().length;
      for (int i = 0; i < length - 1; i++) {
        assertFalse(answer.ids()[i] == SmallExport.STOP, "nothing follows the stop token");
      }
      boolean stopped = answer.ids()[length - 1] == SmallExport.STOP;
      stops += stopped ? 1 : 0;
      assertEquals(stopped ? 0 : 1, answer.finishReason());
      assertEquals(length, answer.logps().length);
      assertTrue(stopped || length == 50);
    }
    assertTrue(stops > 0 && stops < 200, "both ends occur: " + stops);
  }

  @Test
  void generationAndScoringAgree() {
    List<ServedModel.Ask> asks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int[] prompt = Arrays.copyOf(new int[] {5, 9, 300, 41, 8}, 1 + i);
      asks.add(new ServedModel.Ask(prompt, 1, 0, 1, i, 40));
    }
    List<ServedModel.Answer> answers = model.generate(asks);
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < asks.size(); i++) {
      rows.add(
          IntStream.concat(Arrays.stream(asks.get(i).ids()), Arrays.stream(answers.get(i).ids()))
              .toArray());
    }
    int positions = rows.size() * rows.stream().mapToInt(r -> r.length).max().orElseThrow();
    assertTrue(positions > 128, "more than one chunk of the head");
    List<float[]> scores = model.score(rows);
    for (int i = 0; i < asks.size(); i++) {
      int from = asks.get(i).ids().length - 1;
      assertEquals(rows.get(i).length - 1, scores.get(i).length);
      float[] generated = Arrays.copyOfRange(scores.get(i), from, scores.get(i).length);
      assertArrayEquals(answers.get(i).logps(), generated, 1e-5f);
    }
  }

  @Test
  void requestsAtTheSameTimeDoNotSeeEachOther() throws Exception {
    List<ServedModel.Answer> serial = new ArrayList<>();
    List<Callable<ServedModel.Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      ServedModel.Ask ask = sampled(i % 3 * 5, 1, i, 5 + i);
      serial.add(model.generate(List.of(ask)).get(0));
      calls.add(() -> model.generate(List.of(ask)).get(0));
    }
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<ServedModel.Answer>> answers = threads.invokeAll(calls);
      for (int i = 0; i < answers.size(); i++) {
        assertArrayEquals(serial.get(i).ids(), answers.get(i).get().ids());
        assertArrayEquals(serial.get(i).logps(), answers.get(i).get().logps(), 1e-6f);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aModelFolderIsExportedAsItIs() {
    Path source = folder.resolve("huggingface");
    ModelFolder.write(source, export.config, export.program.snapshot(), export.tokenizer);
    Path version =
        SavedModelExporter.write(
            folder.resolve("fromFolder"), 3, ModelFolder.open(source), Map.of());
    assertEquals(folder.resolve("fromFolder/3"), version);
    try (ServedModel other = ServedModel.load(version)) {
      assertEquals(export.config, other.config());
      assertArrayEquals(
          model.score(List.of(PROMPT)).get(0), other.score(List.of(PROMPT)).get(0), 1e-6f);
    }
  }

  @Test
  void nothingAskedIsNothingAnswered() {
    assertEquals(List.of(), model.generate(List.of()));
    assertEquals(List.of(), model.score(List.of()));
  }

  @Test
  void badRowsAreRefusedByName() {
    List<Callable<?>> bad =
        List.of(
            () -> ServedModel.Ask.greedy(new int[0], 1),
            () -> ServedModel.Ask.greedy(PROMPT, -1),
            () -> new ServedModel.Ask(PROMPT, -1, 0, 1, 0, 1),
            () -> new ServedModel.Ask(PROMPT, Float.NaN, 0, 1, 0, 1),
            () -> new ServedModel.Ask(PROMPT, 1, -1, 1, 0, 1),
            () -> new ServedModel.Ask(PROMPT, 1, 0, 0, 0, 1),
            () -> model.generate(List.of(ServedModel.Ask.greedy(new int[] {1 << 20}, 1))),
            () -> model.score(List.of(new int[SmallExport.WINDOW + 1])));
    for (Callable<?> call : bad) {
      assertThrows(IllegalArgumentException.class, call::call);
    }
  }
}
