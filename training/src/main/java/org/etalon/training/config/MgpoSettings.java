package org.etalon.training.config;

import java.util.List;
import org.etalon.data.problem.Kind;

/**
 * The signal phase: MaxEnt-guided policy optimisation. Paper: §3.4; the paper leaves every number
 * below open, so each is our choice, near public recipes for models of this size.
 *
 * @param steps rollout steps over all stages
 * @param promptsPerStep prompts (groups) per step
 * @param rollouts responses per prompt, the group size G
 * @param lambda sharpness of the max-entropy weight; 0 is GRPO
 * @param clipLow lower clip range of the probability ratio
 * @param clipHigh upper clip range of the probability ratio
 * @param aggregation how token losses become one loss
 * @param klCoefficient weight of the KL term against the start model; 0 leaves it out
 * @param klEstimator estimator of that KL term
 * @param sigmaDdof 0 for the population deviation of a group's rewards, 1 for the sample deviation
 * @param sigmaEpsilon added to that deviation
 * @param dropUninformative whether groups of accuracy exactly 0 or 1 leave the batch
 * @param truncated what happens to a response cut at the length limit
 * @param truncationPenalty reward taken from a cut response where {@code truncated} is penalty
 * @param long2short largest reward shift by brevity among a group's right responses; 0 is off
 * @param temperature sampling temperature; log-probabilities are taken at it too
 * @param topP nucleus mass; below 1 it biases the ratio
 * @param topK candidates kept; 0 keeps all
 * @param updatesPerRollout optimizer steps per rollout step; 1 is on-policy
 * @param learningRate peak learning rate
 * @param minLearningRate learning rate at the end of the cosine
 * @param warmupSteps steps of linear warm-up
 * @param weightDecay decoupled weight decay
 * @param beta1 decay of AdamW's first moment
 * @param beta2 decay of AdamW's second moment
 * @param epsilon AdamW's epsilon
 * @param clipNorm largest global norm of the gradient; 0 turns clipping off
 * @param rowLength positions of a row of the update, which holds as many responses as fit; rows are
 *     longer where a response needs more
 * @param microRows rows per forward and backward pass
 * @param headChunk tokens whose logits are held at once
 * @param recompute what the backward pass computes again
 * @param stages the curriculum of context lengths; their steps add up to {@code steps}
 * @param saveEvery steps between checkpoints
 * @param keepLast checkpoints kept for resuming
 * @param slots responses decoded side by side
 * @param partialRollouts whether a response may be drawn over several steps, as in Kimi k1.5 (arXiv
 *     2501.12599)
 * @param tokensPerStep most tokens of a response in one step, where it may
 * @param maxStaleness steps after its first in which a response is cut if it has not ended, where
 *     it may
 * @param difficultyFilter whether prompts that the start model always or never solves are left out
 */
public record MgpoSettings(
    int steps,
    int promptsPerStep,
    int rollouts,
    double lambda,
    double clipLow,
    double clipHigh,
    Aggregation aggregation,
    double klCoefficient,
    KlEstimator klEstimator,
    int sigmaDdof,
    double sigmaEpsilon,
    boolean dropUninformative,
    Truncated truncated,
    double truncationPenalty,
    double long2short,
    double temperature,
    double topP,
    int topK,
    int updatesPerRollout,
    double learningRate,
    double minLearningRate,
    int warmupSteps,
    double weightDecay,
    double beta1,
    double beta2,
    double epsilon,
    double clipNorm,
    int rowLength,
    int microRows,
    int headChunk,
    Recompute recompute,
    List<Stage> stages,
    int saveEvery,
    int keepLast,
    int slots,
    PartialRollouts partialRollouts,
    int tokensPerStep,
    int maxStaleness,
    boolean difficultyFilter) {
  public MgpoSettings {
    stages = Check.copy("mgpo.stages", stages);
    checkObjective(lambda, clipLow, clipHigh, klCoefficient, sigmaDdof, sigmaEpsilon);
    checkBatch(steps, promptsPerStep, rollouts, updatesPerRollout, microRows);
    Check.atLeast("mgpo.rowLength", "positions of a row", rowLength, 1);
    Check.atLeast("mgpo.headChunk", "tokens per chunk of the head", headChunk, 1);
    checkStages(steps, stages);
    Sampling.check("mgpo", temperature, topP, topK, slots);
    Check.above("mgpo.temperature", "sampling temperature of rollouts", temperature, 0);
    Check.within("mgpo.truncationPenalty", "penalty of a cut response", truncationPenalty, 0, 1);
    Check.atLeast("mgpo.long2short", "reward shift by brevity", long2short, 0.0);
    Optimizer.check(
        "mgpo", learningRate, minLearningRate, weightDecay, beta1, beta2, epsilon, clipNorm);
    Check.atLeast("mgpo.tokensPerStep", "tokens of a response in one step", tokensPerStep, 1);
    Check.atLeast("mgpo.maxStaleness", "steps that a response may wait", maxStaleness, 1);
    Check.atLeast("mgpo.warmupSteps", "warm-up steps", warmupSteps, 0);
    Check.atLeast("mgpo.saveEvery", "steps between checkpoints", saveEvery, 1);
    Check.atLeast("mgpo.keepLast", "checkpoints kept for resuming", keepLast, 1);
  }

  /**
   * The curriculum stage of a step.
   *
   * @param step from 0 to {@code steps - 1}
   */
  public Stage stageAt(int step) {
    int end = 0;
    for (Stage stage : stages) {
      end += stage.steps();
      if (step >= 0 && step < end) {
        return stage;
      }
    }
    throw new IllegalArgumentException("step must be from 0 to " + (steps - 1) + ", got " + step);
  }

  private static void checkObjective(
      double lambda,
      double clipLow,
      double clipHigh,
      double klCoefficient,
      int sigmaDdof,
      double sigmaEpsilon) {
    Check.atLeast("mgpo.lambda", "sharpness of the max-entropy weight", lambda, 0.0);
    Check.aboveWithin("mgpo.clipLow", "lower clip range", clipLow, 0, 1);
    Check.above("mgpo.clipHigh", "upper clip range", clipHigh, 0);
    Check.atLeast("mgpo.klCoefficient", "weight of the KL term", klCoefficient, 0.0);
    Check.within("mgpo.sigmaDdof", "ddof of the reward deviation", sigmaDdof, 0, 1);
    Check.atLeast("mgpo.sigmaEpsilon", "epsilon of the reward deviation", sigmaEpsilon, 0.0);
  }

  private static void checkBatch(
      int steps, int promptsPerStep, int rollouts, int updatesPerRollout, int microRows) {
    Check.atLeast("mgpo.steps", "steps", steps, 1);
    Check.atLeast("mgpo.promptsPerStep", "prompts per step", promptsPerStep, 1);
    Check.atLeast("mgpo.rollouts", "rollouts per prompt", rollouts, 2);
    Check.atLeast("mgpo.updatesPerRollout", "updates per rollout step", updatesPerRollout, 1);
    Check.that(
        updatesPerRollout <= promptsPerStep,
        "mgpo.updatesPerRollout",
        "updates per rollout step must be at most the "
            + promptsPerStep
            + " prompts per step, got "
            + updatesPerRollout);
    Check.atLeast("mgpo.microRows", "rows per pass", microRows, 1);
  }

  private static void checkStages(int steps, List<Stage> stages) {
    int sum = stages.stream().mapToInt(Stage::steps).sum();
    Check.that(
        sum == steps,
        "mgpo.stages",
        "the steps of mgpo.stages must add up to the " + steps + " of mgpo.steps, got " + sum);
  }

  /**
   * One stage of the curriculum. Paper: P1 §3.4, mathematics at two lengths, then code.
   *
   * @param steps rollout steps in this stage
   * @param maxNewTokens longest response in tokens
   * @param kinds the kinds of problems it draws from; empty = all
   */
  public record Stage(int steps, int maxNewTokens, List<String> kinds) {
    public Stage {
      kinds = Check.copy("mgpo.stages", kinds);
      for (String kind : kinds) {
        Check.that(
            Kind.of(kind).isPresent(),
            "mgpo.stages",
            "kinds of a stage must be of math, option, code, constraint, got " + kind);
      }
      Check.atLeast("mgpo.stages", "steps of a stage", steps, 1);
      Check.atLeast("mgpo.stages", "longest response in tokens", maxNewTokens, 1);
    }

    /** Whether this stage draws problems of a kind. */
    public boolean draws(Kind kind) {
      return kinds.isEmpty() || kinds.contains(kind.label());
    }
  }

  /** How token losses become one loss. */
  public enum Aggregation {
    /** Mean over responses of each response's token mean, the paper's objective. */
    SEQUENCE_MEAN("sequence-mean"),
    /** Mean over all tokens of the batch. */
    TOKEN_MEAN("token-mean");

    private final String name;

    Aggregation(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Estimator of the KL divergence against the start model, with d = log π_ref − log π. */
  public enum KlEstimator {
    /** −d. */
    K1("k1"),
    /** d² / 2. */
    K2("k2"),
    /** exp(d) − d − 1. */
    K3("k3");

    private final String name;

    KlEstimator(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Whether a response may be drawn over several steps. */
  public enum PartialRollouts {
    /** Every response ends in the step that began it. */
    OFF("off"),
    /** A response that has used up a step's tokens goes on in the next, with the new weights. */
    ON("on");

    private final String name;

    PartialRollouts(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** What happens to a response cut at the length limit. */
  public enum Truncated {
    /** It counts as wrong. */
    ZERO("zero"),
    /** It leaves the loss; in its group's accuracy, mean and deviation it counts as graded. */
    MASK("mask"),
    /** It counts as wrong and loses {@code truncationPenalty} on top. */
    PENALTY("penalty");

    private final String name;

    Truncated(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
