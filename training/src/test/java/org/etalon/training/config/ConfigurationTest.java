package org.etalon.training.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.benchmark.Benchmark;
import org.etalon.data.benchmark.Benchmarks;
import org.etalon.data.benchmark.Wording;
import org.etalon.data.builtin.BuiltinSet;
import org.etalon.data.grade.Graders;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
  @TempDir Path folder;

  @Test
  void everyKeyOfTheDefaultFileIsExplained() {
    List<String> lines = Configuration.defaultYaml().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).matches(" *[A-Za-z0-9]+: .+")) {
        String above = lines.get(i - 1);
        boolean explained =
            above.strip().startsWith("#") || above.matches(" *(- )?[A-Za-z0-9]+: .+");
        assertTrue(explained, "no comment above " + lines.get(i));
      }
    }
  }

  @Test
  void realSizeExampleLoadsAndWidensTheContext() throws Exception {
    var example = Configuration.class.getResource("/org/etalon/training/vibethinker-1.5b.yaml");
    Configuration c = Configuration.load(Optional.of(Path.of(example.toURI())), List.of());
    assertEquals(16384, c.mgpo().stageAt(0).maxNewTokens());
    assertEquals(32768, c.mgpo().stageAt(c.mgpo().steps() - 1).maxNewTokens());
    assertTrue(!c.data().builtin().enabled() && !c.model().startsAtRandom());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "own-problems.yaml",
        "smollm2-stories.yaml",
        "qwen2.5-1.5b-2k.yaml",
        "qwen2.5-1.5b-16k.yaml",
        "qwen2.5-1.5b-32k.yaml"
      })
  void examplesLoad(String name) {
    Path example = Path.of("src/main/examples", name);
    assertNotEquals(Configuration.defaults(), Configuration.load(Optional.of(example), List.of()));
  }

  @Test
  void graderAndProblemSetAreChosenByName() {
    Configuration c = set("grader.requireBoxed=false", "data.builtin.set=stories");
    assertEquals(BuiltinSet.STORIES, c.data().builtin().set());
    assertTrue(gradesUnboxed(c));
    assertFalse(gradesUnboxed(Configuration.defaults()));
  }

  private static boolean gradesUnboxed(Configuration c) {
    Problem problem = new Problem("p", "algebra", "6*7?", "42", List.of());
    try (Graders graders = c.grader().graders()) {
      return graders.grade(problem, "so it is 42").correct();
    }
  }

  @Test
  void fileOverlaysDefaultAndSetOverlaysFile() {
    Path file = write("mgpo:\n  rollouts: 4\n  lambda: 2\nseed: 7\n");
    Configuration c = Configuration.load(Optional.of(file), List.of("mgpo.lambda=0", "xla=on"));
    assertEquals(4, c.mgpo().rollouts());
    assertEquals(0.0, c.mgpo().lambda());
    assertEquals(7, c.seed());
    assertEquals(Xla.ON, c.xla());
    assertEquals(Configuration.defaults().sft(), c.sft());
  }

  @Test
  void deviceAndAttentionAreChosenByName() {
    Configuration c = set("device=cpu", "attention=blocks", "gpu.memoryGiB=70.5", "gpu.tf32=false");
    assertEquals(DeviceChoice.CPU, c.device());
    assertEquals(Attention.BLOCKS, c.attention());
    assertEquals(new GpuSettings(0, 70.5, true, false), c.gpu());
    assertEquals(c, Configuration.load(Optional.of(write(c.toYaml())), List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "device=tpu | device must be auto or cpu or gpu, got \"tpu\"",
        "gpu.ordinal=-1 | number of the GPU must be at least 0, got -1",
        "gpu.memoryGiB=-2 | GPU memory in GiB (0: all) must be at least 0, got -2",
        "attention=fast | attention must be auto or full or blocks or flash, got \"fast\"",
        "gpu.memory=4 | did you mean gpu.memoryGiB?"
      })
  void badSettingsOfDevicesNameTheRemedy(String setting, String message) {
    var error = assertThrows(DataException.class, () -> set(setting));
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'fleet.servers=[a:1, b]' | a server's gRPC address must be HOST:PORT, got 'b'; set fleet.servers",
        "'fleet.servers=[http://a:1]' | must be HOST:PORT, got 'http://a:1'; set fleet.servers",
        "'fleet.servers=[a:1, a:1]' | each server must be named once, got [a:1, a:1]",
        "'fleet.servers=[a:1]' | the folder that the servers watch must be named where there are",
        "fleet.weights=int8 | fleet.weights must be float32 or bfloat16, got \"int8\"",
        "fleet.staleness=-1 | optimizer steps that rollouts may be behind must be at least 0, got -1",
        "fleet.model=x | did you mean fleet.models?"
      })
  void badFleetsNameTheRemedy(String setting, String message) {
    var error = assertThrows(DataException.class, () -> set(setting));
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @Test
  void aFleetIsUsedWhereThereAreServers() {
    assertFalse(Configuration.defaults().fleet().hasServers());
    Configuration c = set("fleet.servers=[gpu1:8500, '[::1]:8500']", "fleet.models=shared/run");
    assertTrue(c.fleet().hasServers());
    assertEquals(c, Configuration.load(Optional.of(write(c.toYaml())), List.of()));
  }

  @Test
  void attentionInBlocksNeedsABlock() {
    var error =
        assertThrows(DataException.class, () -> set("attention=blocks", "attentionBlock=0"));
    assertTrue(error.getMessage().contains("set attentionBlock"), error.getMessage());
  }

  @Test
  void listsAreReplacedWhole() {
    Configuration c = set("mgpo.stages=[{steps: 3, maxNewTokens: 8}]", "mgpo.steps=3");
    assertEquals(List.of(new MgpoSettings.Stage(3, 8, List.of())), c.mgpo().stages());
  }

  @Test
  void emptyAndNumericTextCanBeSet() {
    assertEquals("", set("model.from=").model().from());
    assertEquals("2024", set("model.from=2024").model().from());
  }

  @Test
  void resolvedYamlReadsBackToAnEqualConfiguration() {
    Configuration c =
        set(
            "fuse.weights=[0.5, 0.5]",
            "mgpo.minLearningRate=1e-6",
            "model.tokenizer='12'",
            "xla=on");
    Path file = write(c.toYaml());
    Configuration again = Configuration.load(Optional.of(file), List.of());
    assertEquals(c, again);
    assertEquals(c.hash(), again.hash());
    assertNotEquals(c.hash(), Configuration.defaults().hash());
  }

  @Test
  void resolvedYamlHoldsExactlyTheKeysOfTheDefault() {
    var written = new Overlay(LocatedYaml.parse("written", Configuration.defaults().toYaml()));
    var known = new Overlay(LocatedYaml.parse("default", Configuration.defaultYaml()));
    assertEquals(known.keys(), written.keys());
  }

  @Test
  void benchmarksTakeWhatIsLeftOutFromTheirDefinition() {
    Configuration c =
        set(
            "eval.benchmarks=[{name: aime24, file: a.parquet}, {name: own, file: b.jsonl, samples: 4,"
                + " temperature: 0, wording: box}]",
            "eval.benchmarkModels=ends");
    Benchmark aime = c.eval().benchmarks().get(0).benchmark();
    assertEquals(Benchmarks.named("aime24").orElseThrow(), aime);
    Benchmark own = c.eval().benchmarks().get(1).benchmark();
    assertEquals(List.of(4, 0.0, 0.95), List.of(own.samples(), own.temperature(), own.topP()));
    assertEquals(Wording.BOX, own.wording());
    assertEquals(c, Configuration.load(Optional.of(write(c.toYaml())), List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: aime24} | file of benchmark aime24 must not be empty",
        "{name: aime24, file: x, sample: 3} | unknown key sample; did you mean samples?",
        "{name: aime24, file: x, samples: 1.5} | samples must be a whole number, got 1.5",
        "{name: aime24, file: x, samples: many} | samples must be a whole number",
        "{name: aime24, file: x, topP: 2} | expected a nucleus mass in (0, 1], got 2.0",
        "{name: a b, file: x} | a name of letters",
        "{name: a, file: x, wording: loud} | wording must be none, box, choice or program",
        "3 | must be a list of {name, file}, got 3",
        "'{name: a, file: x}, {name: a, file: y}' | a name of its own, got [a, a]",
      })
  void badBenchmarksAreExplained(String element, String part) {
    String assignment = "eval.benchmarks=[" + element + "]";
    DataException e = assertThrows(DataException.class, () -> set(assignment));
    assertTrue(e.getMessage().startsWith("--set eval.benchmarks="), e.getMessage());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void unknownKeyNamesLineAndNearestKey() {
    Path file = write("seed: 1\nmgpo:\n  lambda: 1\n  rollout: 4\n");
    assertFails(file, "unknown key mgpo.rollout in " + file + ":4; did you mean mgpo.rollouts?");
  }

  @Test
  void unknownSectionAndMisplacedKeyAreNamed() {
    Path file = write("mpgo:\n  lambda: 1\n");
    assertFails(file, "unknown key mpgo in " + file + ":1; did you mean mgpo?");
    Path misplaced = write("rollouts: 4\n");
    assertFails(
        misplaced, "unknown key rollouts in " + misplaced + ":1; did you mean mgpo.rollouts?");
  }

  @Test
  void valueOutOfRangeNamesLineMeaningAndKey() {
    Path file = write("\n\nmgpo:\n  rollouts: 1\n");
    assertFails(
        file, file + ":4: rollouts per prompt must be at least 2, got 1; set mgpo.rollouts");
  }

  @Test
  void wrongKindOfValueNamesLineAndWhatWasExpected() {
    Path file = write("sft:\n  steps: many\n");
    assertFails(file, file + ":2: sft.steps must be a whole number, got \"many\"; set sft.steps");
    Path section = write("sft: 3\n");
    assertFails(section, section + ":1: sft is a section of keys, got 3");
  }

  @Test
  void mistakesInsideListsAreNamed() {
    Path file = write("mgpo:\n  stages:\n    - steps: 120\n      maxNewToken: 3\n");
    assertFails(
        file,
        "unknown key mgpo.stages[0].maxNewToken in " + file + ":4; did you mean maxNewTokens?");
    Path missing = write("mgpo:\n  stages:\n    - steps: 120\n");
    assertFails(
        missing,
        missing
            + ":3: mgpo.stages[0].maxNewTokens must be a whole number, got nothing;"
            + " set mgpo.stages[0].maxNewTokens");
  }

  @Test
  void duplicateKeyNamesBothLines() {
    Path file = write("seed: 1\nxla: off\nseed: 2\n");
    assertFails(file, file + ":3: duplicate key seed, first on line 1; keep one");
  }

  @Test
  void missingValueIsAnError() {
    Path file = write("seed: ~\n");
    assertFails(file, file + ":1: seed has no value; give one or remove the key");
  }

  @Test
  void brokenYamlNamesTheLine() {
    Path file = write("seed: 1\nsft: [1,\n");
    DataException e = fails(Optional.of(file));
    assertTrue(
        e.getMessage().startsWith(file + ":2: not valid YAML: while parsing a flow node, expected"),
        e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void anchorsAndSecondDocumentsAreRefused() {
    assertTrue(
        fails(Optional.of(write("seed: &a 1\nthreads: *a\n"))).getMessage().contains("anchors"));
    assertTrue(
        fails(Optional.of(write("seed: 1\n---\nseed: 2\n")))
            .getMessage()
            .contains("second document"));
  }

  @Test
  void missingFileIsNamed() {
    Path file = folder.resolve("none.yaml");
    assertFails(
        file, "configuration file " + file + " does not exist; give an existing file by --config");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed | --set seed: expected key=value, as in --set seed=2",
        "sed=2 | unknown key sed in --set sed=2; did you mean seed?",
        "mgpo.rollout=2 | unknown key mgpo.rollout in --set mgpo.rollout=2; did you mean mgpo.rollouts?",
        "seed.a=2 | --set seed.a=2: seed is a value, not a section; set seed",
        "xla=maybe | --set xla=maybe: xla must be off or pieces or on, got \"maybe\"; set xla",
        "sft.steps=1.5 | --set sft.steps=1.5: sft.steps must be a whole number, got 1.5; set sft.steps",
        "sft.steps=\"3\" | --set sft.steps=\"3\": sft.steps must be a whole number, got \"3\"; set sft.steps",
        "memory.check=no | --set memory.check=no: memory.check must be refuse or warn or off, got \"no\"; set memory.check",
        "memory.limitGiB=-1 | --set memory.limitGiB=-1: memory to plan for in GiB (0: the device's) must be at least 0, got -1; set memory.limitGiB",
        "mgpo.lambda=-1 | --set mgpo.lambda=-1: sharpness of the max-entropy weight must be at least 0, got -1; set mgpo.lambda",
        "mgpo.long2short=-0.2 | --set mgpo.long2short=-0.2: reward shift by brevity must be at least 0, got -0.2; set mgpo.long2short",
        "mgpo.topP=0 | --set mgpo.topP=0: nucleus mass must be between 0 and 1, got 0 (0 excluded); set mgpo.topP",
        "probe.k=17 | --set probe.k=17: K of Pass@K must be at most the 8 responses per problem, got 17; set probe.k",
        "model.kvHeads=3 | --set model.kvHeads=3: key/value heads must divide the 4 query heads, got 3; set model.kvHeads",
        "'fuse.weights=[0.5, 0.6]' | --set fuse.weights=[0.5, 0.6]: fusion weights must sum to 1, got 1.1; set fuse.weights",
        "data.builtin.enabled=no | --set data.builtin.enabled=no: data.builtin.enabled must be true or false, got \"no\"; set data.builtin.enabled",
        "eval.maxNewTokens=512 | --set eval.maxNewTokens=512: longest response in tokens must be less than the 512 of model.maxPositions, got 512; set eval.maxNewTokens"
      })
  void badOverrideIsExplained(String assignment, String message) {
    DataException e = assertThrows(DataException.class, () -> set(assignment));
    assertEquals(message, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mgpo.steps=7", "mgpo.stages=[]", "data.builtin.enabled=false"})
  void inconsistentSettingsAreRefused(String assignment) {
    assertThrows(DataException.class, () -> set(assignment));
  }

  @Test
  void stageOfAStepFollowsTheCurriculum() {
    MgpoSettings mgpo = Configuration.defaults().mgpo();
    MgpoSettings.Stage first = mgpo.stages().get(0);
    assertEquals(first, mgpo.stageAt(0));
    assertEquals(first, mgpo.stageAt(first.steps() - 1));
    assertEquals(mgpo.stages().get(1), mgpo.stageAt(first.steps()));
    assertThrows(IllegalArgumentException.class, () -> mgpo.stageAt(mgpo.steps()));
  }

  private static Configuration set(String... sets) {
    return Configuration.load(Optional.empty(), Arrays.asList(sets));
  }

  private static DataException fails(Optional<Path> file) {
    return assertThrows(DataException.class, () -> Configuration.load(file, List.of()));
  }

  private static void assertFails(Path file, String message) {
    assertEquals(message, fails(Optional.of(file)).getMessage());
  }

  private Path write(String text) {
    try {
      return Files.writeString(Files.createTempFile(folder, "my", ".yaml"), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
