package org.etalon.training.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.training.statistics.Interval;

/**
 * {@code eval/result.json}: the models on the held-out problems.
 *
 * @param k the K of Pass@K
 * @param samples responses per problem
 * @param confidence of the intervals
 * @param models in the order of the table: base, specialists, fused, final
 */
public record EvalResult(int k, int samples, double confidence, List<Model> models) {
  /** Name of the start model. */
  public static final String BASE = "base";

  /** Name of the fused specialists. */
  public static final String FUSED = "fused";

  /** Name of the final model. */
  public static final String MGPO = "mgpo";

  public EvalResult {
    models = ImmutableList.copyOf(models);
  }

  /**
   * One model.
   *
   * @param name as shown: {@link #BASE}, {@link #FUSED}, {@link #MGPO}, or a single checkpoint,
   *     e.g. {@code algebra specialist}
   * @param passAt1 mean accuracy
   * @param passAtK unbiased Pass@K
   * @param meanLength mean length of a response in tokens
   * @param truncated share of responses cut at the length limit
   * @param subdomains scores by subdomain
   */
  public record Model(
      String name,
      @JsonProperty("pass@1") Interval passAt1,
      @JsonProperty("pass@k") Interval passAtK,
      @JsonProperty("mean_length") double meanLength,
      double truncated,
      Map<String, Score> subdomains) {
    public Model {
      subdomains = ImmutableSortedMap.copyOf(subdomains);
    }
  }

  /**
   * A model's score on one subdomain.
   *
   * @param passAt1 mean accuracy
   * @param passAtK unbiased Pass@K
   */
  public record Score(
      @JsonProperty("pass@1") Interval passAt1, @JsonProperty("pass@k") Interval passAtK) {}

  /** Whether the name is one of the pipeline's own models and not a single checkpoint. */
  static boolean isStage(String name) {
    return name.equals(BASE) || name.equals(FUSED) || name.equals(MGPO);
  }

  /** The model of that name. */
  public Optional<Model> model(String name) {
    return models.stream().filter(model -> model.name().equals(name)).findFirst();
  }

  /** Writes {@code result.json} into the stage's folder. */
  public void write(Path folder) {
    ResultFile.write(folder.resolve(ResultFile.NAME), this);
  }

  /** Reads {@code result.json} of the stage's folder. */
  public static EvalResult read(Path folder) {
    return ResultFile.read(folder.resolve(ResultFile.NAME), EvalResult.class);
  }
}
