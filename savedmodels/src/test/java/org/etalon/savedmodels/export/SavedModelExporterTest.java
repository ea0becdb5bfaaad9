package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.Decoder;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.program.Scorer;
import org.etalon.graph.program.TokenBatch;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

class SavedModelExporterTest {
  private static final int NEW = 24;
  private static final int STOP = 7;
  private static final List<int[]> PROMPTS =
      List.of(new int[] {5, 9, 300, 41}, new int[] {17}, new int[] {700, 3, 3, 8, 120, 66, 2});

  @TempDir static Path folder;
  private static TokenizerFile tokenizer;
  private static Program program;
  private static Path version;
  private static SavedModelExporter exporter;

  @BeforeAll
  static void export() {
    tokenizer = TokenizerFile.builtin();
    var config =
        ModelConfig.qwen2(tokenizer.vocabSize(), 48, 80, 3, 6, 2, 8, 10_000, 1e-6, false, 128);
    program = new Program(config, ExecutionOptions.defaults());
    program.initialize(3, 0.3);
    exporter = new SavedModelExporter(config, List.of(STOP), tokenizer.padId());
    version =
        exporter.write(
            folder.resolve("model"), 1, Bundle.of(program)::save, tokenizer, Map.of("run", "test"));
  }

  @AfterAll
  static void close() {
    program.close();
    tokenizer.close();
  }

  private static List<Completion> inProcess(Sampling sampling) {
    List<Request> requests = new ArrayList<>();
    for (int[] prompt : PROMPTS) {
      // The served graph keys a draw by the position before it.
      requests.add(new Request(prompt, 0, prompt.length - 1, NEW));
    }
    return new RolloutEngine(new Decoder(program, 4, 40, 2, 8), Set.of(STOP))
        .generate(requests, sampling);
  }

  @Test
  void anotherJvmGivesTheSameGreedyTokensAndLogProbs() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                GenerateInAnotherJvm.class.getName(),
                version.toString(),
                Integer.toString(NEW)));
    for (int[] prompt : PROMPTS) {
      command.add(
          Arrays.stream(prompt).mapToObj(Integer::toString).collect(Collectors.joining(",")));
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("ids") || line.startsWith("logps"))
            .toList();
    assertEquals(0, process.waitFor());
    List<Completion> expected = inProcess(Sampling.greedy());
    assertEquals(2 * PROMPTS.size(), lines.size());
    for (int i = 0; i < PROMPTS.size(); i++) {
      List<String> ids = Splitter.on(" ").splitToList(lines.get(2 * i));
      List<String> logps = Splitter.on(" ").splitToList(lines.get(2 * i + 1));
      assertEquals(expected.get(i).ids().length, ids.size() - 1);
      for (int t = 1; t < ids.size(); t++) {
        assertEquals(expected.get(i).ids()[t - 1], Integer.parseInt(ids.get(t)));
        assertEquals(expected.get(i).logps()[t - 1], Float.parseFloat(logps.get(t)), 1e-5);
      }
    }
  }

  @Test
  void bfloat16WeightsAreServedAsTheyAreDecoded() throws Exception {
    WeightType type = WeightType.BFLOAT16;
    try (Program small =
        new Program(exporter.config(), ExecutionOptions.defaults().withWeights(type))) {
      small.load(program.snapshot());
      Path folder16 =
          new SavedModelExporter(exporter.config(), List.of(STOP), tokenizer.padId(), type)
              .write(folder.resolve("bf16"), 1, Bundle.of(small)::save, tokenizer, Map.of());
      String weights = "variables/variables.data-00000-of-00001";
      assertTrue(
          Files.size(folder16.resolve(weights)) < 0.52 * Files.size(version.resolve(weights)));
      List<Request> requests = new ArrayList<>();
      PROMPTS.forEach(prompt -> requests.add(new Request(prompt, 0, NEW)));
      List<Completion> expected =
          new RolloutEngine(new Decoder(small, 4, 40, 2, 8), Set.of(STOP))
              .generate(requests, Sampling.greedy());
      try (ServedModel served = ServedModel.load(folder16)) {
        for (int i = 0; i < PROMPTS.size(); i++) {
          var ask = List.of(ServedModel.Ask.greedy(PROMPTS.get(i), NEW));
          int[] ids = served.generate(ask).get(0).ids();
          assertEquals(expected.get(i).ids()[0], ids[0]);
          assertEquals(expected.get(i).logps()[0], served.generate(ask).get(0).logps()[0], 0.1);
          float[] scores = served.score(List.of(PROMPTS.get(i))).get(0);
          assertEquals(PROMPTS.get(i).length - 1, scores.length);
        }
      }
    }
  }

  @Test
  void batchedRowsEqualSingleOnesAndTheEngine() {
    List<Completion> expected = inProcess(Sampling.at(1.0, 11));
    try (ServedModel served = ServedModel.load(version)) {
      List<ServedModel.Ask> asks = new ArrayList<>();
      for (int[] prompt : PROMPTS) {
        asks.add(new ServedModel.Ask(prompt, 1, 0, 1, 11, NEW));
      }
      List<ServedModel.Answer> together = served.generate(asks);
      for (int i = 0; i < asks.size(); i++) {
        ServedModel.Answer alone = served.generate(List.of(asks.get(i))).get(0);
        assertArrayEquals(alone.ids(), together.get(i).ids());
        assertArrayEquals(expected.get(i).ids(), together.get(i).ids());
        assertArrayEquals(expected.get(i).logps(), together.get(i).logps(), 1e-5f);
        boolean stopped = expected.get(i).finish() == Completion.Finish.STOP;
        assertEquals(stopped ? 0 : 1, together.get(i).finishReason());
      }
    }
  }

  @Test
  void rowsKeepTheirOwnSettings() {
    try (ServedModel served = ServedModel.load(version)) {
      int[] prompt = PROMPTS.get(0);
      ServedModel.Answer greedy =
          served.generate(List.of(ServedModel.Ask.greedy(prompt, 9))).get(0);
      List<ServedModel.Answer> mixed =
          served.generate(
              List.of(
                  ServedModel.Ask.greedy(prompt, 9),
                  new ServedModel.Ask(prompt, 5, 1, 1, 4, 9),
                  new ServedModel.Ask(prompt, 1, 0, 1e-6f, 5, 9),
                  new ServedModel.Ask(prompt, 3, 0, 1, 6, 3),
                  new ServedModel.Ask(prompt, 3, 0, 1, 6, 0)));
      assertArrayEquals(greedy.ids(), mixed.get(0).ids());
      assertArrayEquals(greedy.ids(), mixed.get(1).ids(), "top_k 1 is greedy");
      assertArrayEquals(greedy.ids(), mixed.get(2).ids(), "a tiny top_p is greedy");
      assertEquals(3, mixed.get(3).ids().length);
      assertEquals(0, mixed.get(4).ids().length);
      assertEquals(1, mixed.get(4).finishReason());
    }
  }

  @Test
  void scoresEqualTheScorer() {
    int[] ids = {5, 9, 300, 41, 8};
    int[] targets = {9, 300, 41, 8, 0};
    var batch =
        new TokenBatch(
            1, 5, ids, targets, new int[] {0, 1, 2, 3, 4}, new int[] {1, 1, 1, 1, 1}, new float[5]);
    float[] expected = new Scorer(program, 8).score(batch, 1).logps();
    try (ServedModel served = ServedModel.load(version)) {
      List<float[]> scores = served.score(List.of(new int[] {1, 2}, ids));
      assertEquals(1, scores.get(0).length);
      assertArrayEquals(Arrays.copyOf(expected, 4), scores.get(1), 1e-5f);
    }
  }

  @Test
  void holdsAnInferenceGraphWithTheContractsSignatures() throws Exception {
    MetaGraphDef meta;
    try (InputStream in = Files.newInputStream(version.resolve("saved_model.pb"))) {
      meta = SavedModel.parseFrom(in).getMetaGraphs(0);
    }
    assertEquals(List.of("serve"), meta.getMetaInfoDef().getTagsList());
    var generate = meta.getSignatureDefOrThrow("serving_default");
    assertEquals("tensorflow/serving/predict", generate.getMethodName());
    assertEquals(
        Set.of("ids", "lengths", "temperature", "top_k", "top_p", "seed", "max_new_tokens"),
        generate.getInputsMap().keySet());
    assertEquals(
        Set.of("ids", "lengths", "logprobs", "finish_reason"), generate.getOutputsMap().keySet());
    assertEquals(
        "tensorflow/serving/predict", meta.getSignatureDefOrThrow("score").getMethodName());
    Set<String> ops = new TreeSet<>();
    Stream.concat(
            meta.getGraphDef().getNodeList().stream(),
            meta.getGraphDef().getLibrary().getFunctionList().stream()
                .flatMap(f -> f.getNodeDefList().stream()))
        .map(NodeDef::getOp)
        .forEach(ops::add);
    assertFalse(ops.contains("ReadFile") || ops.contains("WriteFile") || ops.contains("SaveV2"));
    assertFalse(meta.toString().contains("_XlaMustCompile"));
    assertFalse(meta.toString().contains("moment"));
    assertTrue(Files.size(version.resolve("saved_model.pb")) < 1 << 20);
  }

  @Test
  void refusesAnExistingVersion() {
    DataException e =
        assertThrows(
            DataException.class,
            () -> exporter.write(folder.resolve("model"), 1, prefix -> {}, tokenizer, Map.of()));
    assertTrue(e.getMessage().contains("already exists"), e.getMessage());
  }

  @Test
  void leavesNothingBehindWhenWritingFails() throws Exception {
    Path base = folder.resolve("failing");
    assertThrows(
        IllegalStateException.class,
        () ->
            exporter.write(
                base,
                1,
                prefix -> {
                  throw new IllegalStateException("no weights");
                },
                tokenizer,
                Map.of()));
    try (Stream<Path> content = Files.list(base)) {
      assertEquals(List.of(), content.toList());
    }
  }

  @Test
  void aFlippedByteIsRefusedByName() throws Exception {
    Path copy =
        exporter.write(folder.resolve("damaged"), 2, Bundle.of(program)::save, tokenizer, Map.of());
    Path weights = copy.resolve("variables/variables.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length / 2] ^= 1;
    Files.write(weights, bytes);
    DataException e = assertThrows(DataException.class, () -> ServedModel.load(copy));
    assertTrue(e.getMessage().contains("variables.data-00000-of-00001"), e.getMessage());
  }
}
