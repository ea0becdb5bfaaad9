package org.etalon.training.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * One line of {@code mgpo/samples/step-000010.jsonl}: a rollout as it was trained on.
 *
 * @param step rollout step, from 1
 * @param prompt the problem
 * @param response the model's text
 * @param answer the gold answer
 * @param reward of this rollout
 * @param accuracy p_c of its group
 * @param weight w_ME of its group
 * @param advantage the rollout's, weight included
 */
public record RolloutSample(
    int step,
    String prompt,
    String response,
    String answer,
    double reward,
    double accuracy,
    double weight,
    double advantage) {
  /** Folder of the samples inside the stage's folder. */
  public static final String FOLDER = "samples";

  /** The file of one step, below the stage's folder. */
  public static Path file(Path stage, int step) {
    return stage.resolve(FOLDER).resolve(String.format(Locale.ROOT, "step-%06d.jsonl", step));
  }

  /** At most {@code limit} samples of one file. */
  static List<RolloutSample> read(Path file, int limit) {
    return ResultFile.readLines(file, RolloutSample.class, limit);
  }
}
