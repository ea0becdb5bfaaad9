package org.etalon.training.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.plan.Memory;
import org.etalon.training.config.Configuration;
import org.etalon.training.policy.Policy;
import org.etalon.training.run.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StagePlanTest {
  /** Qwen2.5-1.5B. */
  private static final ModelConfig QWEN =
      ModelConfig.qwen2(151_936, 1536, 8960, 28, 12, 2, 128, 1e6, 1e-6, true, 131_072);

  private static final int PROMPT = 1024;

  private static Configuration example(String length, String... sets) {
    return configuration("src/main/examples/qwen2.5-1.5b-" + length + ".yaml", sets);
  }

  private static Configuration configuration(String file, String... sets) {
    return Configuration.load(Optional.of(Path.of(file)), Arrays.asList(sets));
  }

  private static StagePlan plan(Stage stage, Configuration c) {
    Device device = Device.of(c);
    Workload workload = Workload.of(stage, c, QWEN, PROMPT);
    return new StagePlan(workload, workload.memory(device), device);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/main/examples/qwen2.5-1.5b-2k.yaml",
        "src/main/examples/qwen2.5-1.5b-16k.yaml",
        "src/main/examples/qwen2.5-1.5b-32k.yaml",
        "src/main/resources/org/etalon/training/vibethinker-1.5b.yaml"
      })
  void theExamplesOf1Point5BFitOneGpuOf80Gigabytes(String file) {
    Configuration c = configuration(file);
    for (Stage stage : List.of(Stage.SFT, Stage.PROBE, Stage.FUSE, Stage.MGPO, Stage.EVAL)) {
      StagePlan plan = plan(stage, c);
      assertTrue(plan.device().gpu());
      assertTrue(plan.fits(), plan::refusal);
    }
  }

  @ParameterizedTest
  @CsvSource({"SFT, sft", "MGPO, mgpo"})
  void rowsOf32KThatKeepEverythingAreRefusedAndRecomputationIsNamed(Stage stage, String key) {
    StagePlan plan = plan(stage, example("32k", key + ".recompute=none"));
    assertFalse(plan.fits());
    Remedy remedy = Remedy.find(plan.workload(), plan.device());
    assertTrue(remedy.fits());
    assertEquals(List.of(key + ".recompute=full"), settings(remedy));
    assertTrue(plan.refusal().contains("it would fit with " + key + ".recompute=full ("));
  }

  private static List<String> settings(Remedy remedy) {
    return remedy.changes().stream().map(Remedy.Step::setting).toList();
  }

  @Test
  void aRemedyNamesEachNeedfulChangeWithASmallerTotalAndEndsWithinTheDevice() {
    Configuration c = example("32k", "mgpo.recompute=none", "mgpo.slots=64", "mgpo.microRows=4");
    StagePlan plan = plan(Stage.MGPO, c);
    Remedy remedy = Remedy.find(plan.workload(), plan.device());
    assertTrue(remedy.fits(), remedy::text);
    assertTrue(settings(remedy).contains("mgpo.recompute=full"), remedy::text);
    assertTrue(settings(remedy).stream().anyMatch(s -> s.startsWith("mgpo.slots=")));
    List<Long> totals = new ArrayList<>();
    remedy.changes().forEach(step -> totals.add(step.bytes()));
    assertEquals(totals.stream().sorted((a, b) -> Long.compare(b, a)).toList(), totals);
    assertTrue(totals.get(totals.size() - 1) <= plan.device().bytes());
  }

  @Test
  void whatNoSettingMakesFitIsSaidSo() {
    StagePlan plan = plan(Stage.SFT, example("32k", "memory.limitGiB=20"));
    assertTrue(plan.refusal().contains("not even fit"), plan::refusal);
    assertTrue(plan.refusal().contains("take a smaller model or a larger device"));
  }

  @Test
  void theDemonstrationFitsASmallMachine() {
    Configuration c = Configuration.defaults();
    ModelConfig model = Policy.shape(c);
    Device small = new Device(false, 4L << 30, "a small machine");
    for (Stage stage : List.of(Stage.SFT, Stage.PROBE, Stage.FUSE, Stage.MGPO, Stage.EVAL)) {
      Memory memory = Workload.of(stage, c, model, 128).memory(small);
      assertTrue(small.fits(memory.total()), () -> stage + ": " + memory);
    }
  }

  @Test
  void scoresOfWholeRowsAreAnsweredByTheDefaultBlock() {
    Configuration c = example("16k", "attentionBlock=0", "attention=auto", "memory.limitGiB=70");
    StagePlan plan = plan(Stage.SFT, c);
    assertFalse(plan.fits());
    int block = Configuration.defaults().attentionBlock();
    assertEquals(
        List.of("attentionBlock=" + block), settings(Remedy.find(plan.workload(), plan.device())));
  }

  /** The policy gives a decoder's caches back before it builds another one. */
  @Test
  void aCurriculumHoldsOneCache() {
    var longest = new Workload.Roll(8, 100, List.of(2048), false);
    var curriculum = new Workload.Roll(8, 100, List.of(512, 1024, 2048), false);
    Configuration c = example("2k");
    Device device = Device.of(c);
    Workload signal = Workload.of(Stage.MGPO, c, QWEN, 100);
    assertEquals(
        signal.withRoll(longest).memory(device), signal.withRoll(curriculum).memory(device));
  }

  @Test
  void cachesAreGoneWhenTheWeightsAreTrained() {
    Configuration c = example("2k");
    Device device = Device.of(c);
    Workload signal = Workload.of(Stage.MGPO, c, QWEN, PROMPT);
    long few = signal.withRoll(signal.roll().withSlots(8)).memory(device).total();
    long more = signal.withRoll(signal.roll().withSlots(16)).memory(device).total();
    assertEquals(few, more, "a pass takes more than rollouts of a few slots");
    assertEquals(0, signal.withRoll(signal.roll().withSlots(8)).memory(device).cache());
  }

  @Test
  void whatAStepHasNotFinishedIsPrefilledInTheNext() {
    var whole = new Workload.Roll(16, 100, List.of(1000), false).decoders().get(0);
    var carried = new Workload.Roll(16, 100, List.of(1000), true).decoders().get(0);
    assertEquals(128, whole.prefillLength());
    assertEquals(1120, carried.prefillLength());
    assertEquals(1128, whole.capacity());
    assertEquals(2048, carried.capacity(), "no more than 1,100 are needed, 2,048 cover them");
  }

  @Test
  void everyPartOfTheSignalPhaseIsCounted() {
    // With so many slots rollouts are the worst moment, with fewer the gradient is.
    Memory memory = plan(Stage.MGPO, example("2k", "mgpo.slots=512")).memory();
    assertTrue(
        Stream.of(
                memory.weights(),
                memory.copies(),
                memory.gradients(),
                memory.moments(),
                memory.workspace(),
                memory.cache(),
                memory.process())
            .allMatch(bytes -> bytes > 0),
        memory::toString);
    assertTrue(plan(Stage.MGPO, example("2k")).memory().activations() > 0);
    long reference = plan(Stage.MGPO, example("2k", "mgpo.klCoefficient=0.001")).memory().weights();
    assertEquals(2 * memory.weights(), reference);
  }
}
