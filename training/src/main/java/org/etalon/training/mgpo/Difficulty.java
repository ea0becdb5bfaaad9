package org.etalon.training.mgpo;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.data.DataException;
import org.etalon.data.grade.Graders;
import org.etalon.data.problem.Problem;
import org.etalon.graph.program.Sampling;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.policy.Graded;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.RolloutSource;
import org.etalon.training.policy.SampleSpec;
import org.etalon.training.policy.Seeds;
import org.etalon.training.run.AtomicFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves out prompts that the start model always or never solves: their groups carry no signal.
 *
 * <p>Paper: P3 §2.2, prompts at accuracy exactly 0 or 1 under the phase's start checkpoint. Our
 * choice: a prompt whose responses could not be graded is left out too.
 */
final class Difficulty {
  private static final Logger LOG = LoggerFactory.getLogger(Difficulty.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Difficulty() {}

  /**
   * The problems worth training on; accuracies are kept in {@code difficulty.json}.
   *
   * @param source draws the responses that are graded
   */
  static List<Problem> filter(
      List<Problem> problems,
      Policy policy,
      RolloutSource source,
      Graders graders,
      MgpoSettings settings,
      long seed,
      Path folder) {
    Path file = folder.resolve("difficulty.json");
    Map<String, Double> accuracies =
        Files.exists(file)
            ? read(file)
            : measure(problems, policy, source, graders, settings, seed, file);
    List<Problem> kept =
        problems.stream()
            .filter(p -> accuracies.getOrDefault(p.id(), 0.0) > 0 && accuracies.get(p.id()) < 1)
            .toList();
    if (kept.isEmpty()) {
      throw new DataException(
          "the start model solves each of the %d problems always or never; add problems to data.rl"
              .formatted(problems.size()));
    }
    LOG.info(
        "mgpo: {} of {} problems are neither always nor never solved",
        kept.size(),
        problems.size());
    return kept;
  }

  private static Map<String, Double> measure(
      List<Problem> problems,
      Policy policy,
      RolloutSource source,
      Graders graders,
      MgpoSettings settings,
      long seed,
      Path file) {
    var spec =
        new SampleSpec(
            settings.rollouts(),
            settings.stageAt(0).maxNewTokens(),
            settings.slots(),
            new Sampling(
                settings.temperature(),
                settings.topK(),
                settings.topP(),
                Seeds.of(seed, "difficulty", 0)));
    Map<String, Double> accuracies = new TreeMap<>();
    source.renew();
    List<Graded> graded =
        Graded.of(problems, policy.sample(problems, spec, source, tokens -> {}), graders);
    for (Graded group : Graded.decided(graded)) {
      accuracies.put(group.problem().id(), group.accuracy());
    }
    AtomicFiles.write(file, out -> out.write(JSON.writeValueAsBytes(accuracies)));
    return accuracies;
  }

  private static Map<String, Double> read(Path file) {
    try {
      return JSON.readValue(file.toFile(), new TypeReference<Map<String, Double>>() {});
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage() + "; delete it", e);
    }
  }
}
