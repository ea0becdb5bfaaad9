package org.etalon.graph.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * The MGPO loss of a batch of groups and its hand-derived derivative by every token's
 * log-probability.
 *
 * <p>Per token, with {@code ρ = exp(logProb − old)} and {@code A' = w_ME · A}: {@code loss = −min(ρ
 * A', clip(ρ, 1−low, 1+high) A') + klWeight · k}. The batch loss is {@code Σ share · loss}, where a
 * token's share is 1/(prompts · G · own tokens) for the sequence mean (Paper: §3.4) and 1/(tokens)
 * for the token mean. A dropped group and a masked response have no tokens here. Which prompts (or
 * tokens) are counted is {@link Divisor}.
 */
public final class NaiveMgpo {
  /** How token losses become one number. */
  public enum Aggregation {
    /** Mean over prompts of the mean over responses of the mean over own tokens. */
    SEQUENCE_MEAN,
    /** Mean over all counted tokens of the batch. */
    TOKEN_MEAN
  }

  /** Estimators of KL(policy ‖ reference) with d = logProb − reference. */
  public enum Kl {
    /** {@code d}. */
    K1,
    /** {@code d²/2}. */
    K2,
    /** {@code exp(−d) + d − 1}. */
    K3
  }

  /** What happens to a response that ran into the length limit. */
  public enum Truncation {
    /** Its reward becomes 0; its tokens are trained on. */
    ZERO,
    /** It keeps its reward in the group's statistics; its tokens are left out, G stays. */
    MASK,
    /** The soft overlong penalty is added to every reward of the group; accuracy is not touched. */
    PENALTY
  }

  /** Whether dropped groups count in the mean. */
  public enum Divisor {
    /** Only groups that contribute. */
    KEPT_GROUPS,
    /** All groups of the batch: dropped ones are zeros in the mean. */
    ALL_GROUPS
  }

  /**
   * The settings of the objective.
   *
   * @param sharpness λ of w_ME; 0 is GRPO
   * @param longToShort size of the Long2Short shift; 0 switches it off
   * @param dropUninformative whether groups of accuracy exactly 0 or 1 are left out
   * @param lengthLimit tokens, for {@link Truncation#PENALTY} only
   * @param penaltyWindow tokens, for {@link Truncation#PENALTY} only
   */
  public record Options(
      double sharpness,
      int ddof,
      double epsilon,
      double longToShort,
      double clipLow,
      double clipHigh,
      Aggregation aggregation,
      double klWeight,
      Kl kl,
      boolean dropUninformative,
      Divisor divisor,
      Truncation truncation,
      int lengthLimit,
      int penaltyWindow) {}

  /** One response: binary reward, whether it was cut off, and three log-probabilities per token. */
  // Plain arrays keep the loops plain; the records are never compared.
  @SuppressWarnings("ArrayRecordComponent")
  public record Rollout(
      double reward, boolean truncated, double[] logProbs, double[] old, double[] reference) {
    int length() {
      return logProbs.length;
    }
  }

  /**
   * A batch loss with its parts.
   *
   * @param loss to be minimised
   * @param gradient derivative of the loss by each log-probability, [group][response][token]
   * @param advantages A' = w_ME · A, [group][response]; 0 in a dropped group
   * @param kept groups that contribute
   * @param clippedLow share-weighted part of tokens held by the lower bound
   * @param clippedHigh share-weighted part of tokens held by the upper bound
   * @param kl share-weighted mean of the KL estimator, before klWeight
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(
      double loss,
      double[][][] gradient,
      double[][] advantages,
      int kept,
      double clippedLow,
      double clippedHigh,
      double kl) {}

  private final Options options;

  /** An objective under the given settings. */
  public NaiveMgpo(Options options) {
    this.options = options;
  }

  /** A' = w_ME · A of one group, whether or not it is dropped. */
  public double[] groupAdvantages(List<Rollout> group) {
    double[] binary = binaryRewards(group);
    int[] lengths = group.stream().mapToInt(Rollout::length).toArray();
    double[] shaped = NaiveLosses.longToShort(binary, lengths, options.longToShort());
    if (options.truncation() == Truncation.PENALTY) {
      for (int i = 0; i < shaped.length; i++) {
        shaped[i] +=
            NaiveLosses.overlongPenalty(lengths[i], options.lengthLimit(), options.penaltyWindow());
      }
    }
    double[] advantages = NaiveLosses.advantages(shaped, options.ddof(), options.epsilon());
    double weight = NaiveLosses.weight(NaiveLosses.accuracy(binary), options.sharpness());
    for (int i = 0; i < advantages.length; i++) {
      advantages[i] *= weight;
    }
    return advantages;
  }

  /** The loss of a batch of groups, which may differ in size. */
  public Result loss(List<List<Rollout>> groups) {
    List<Boolean> kept = new ArrayList<>();
    int prompts = 0;
    int tokens = 0;
    for (List<Rollout> group : groups) {
      boolean keep = !(options.dropUninformative() && isUninformative(group));
      kept.add(keep);
      if (keep || options.divisor() == Divisor.ALL_GROUPS) {
        prompts++;
        tokens += group.stream().mapToInt(this::trainedTokens).sum();
      }
    }
    Sums sums = new Sums(groups);
    for (int g = 0; g < groups.size(); g++) {
      if (kept.get(g)) {
        addGroup(sums, g, groups.get(g), prompts, tokens);
      }
    }
    int keptCount = (int) kept.stream().filter(k -> k).count();
    return new Result(
        sums.loss,
        sums.gradient,
        sums.advantages,
        keptCount,
        sums.clippedLow,
        sums.clippedHigh,
        sums.kl);
  }

  private void addGroup(Sums sums, int g, List<Rollout> group, int prompts, int tokens) {
    sums.advantages[g] = groupAdvantages(group);
    for (int i = 0; i < group.size(); i++) {
      Rollout rollout = group.get(i);
      for (int t = 0; t < trainedTokens(rollout); t++) {
        double share =
            options.aggregation() == Aggregation.TOKEN_MEAN
                ? 1.0 / tokens
                : 1.0 / prompts / group.size() / rollout.length();
        sums.gradient[g][i][t] = addToken(sums, rollout, t, sums.advantages[g][i], share);
      }
    }
  }

  private double addToken(Sums sums, Rollout rollout, int t, double advantage, double share) {
    double ratio = Math.exp(rollout.logProbs()[t] - rollout.old()[t]);
    boolean low = advantage < 0 && ratio < 1 - options.clipLow();
    boolean high = advantage > 0 && ratio > 1 + options.clipHigh();
    // min(.,.) takes the clipped branch only where the clip makes the objective smaller.
    double surrogate =
        advantage * (low ? 1 - options.clipLow() : high ? 1 + options.clipHigh() : ratio);
    double slope = low || high ? 0 : advantage * ratio;
    double d = options.klWeight() == 0 ? 0 : rollout.logProbs()[t] - rollout.reference()[t];
    double kl =
        switch (options.kl()) {
          case K1 -> d;
          case K2 -> d * d / 2;
          case K3 -> Math.exp(-d) + d - 1;
        };
    double klSlope =
        switch (options.kl()) {
          case K1 -> 1;
          case K2 -> d;
          case K3 -> 1 - Math.exp(-d);
        };
    sums.loss += share * (options.klWeight() * kl - surrogate);
    sums.kl += share * kl;
    sums.clippedLow += low ? share : 0;
    sums.clippedHigh += high ? share : 0;
    return share * (options.klWeight() * klSlope - slope);
  }

  private boolean isUninformative(List<Rollout> group) {
    double accuracy = NaiveLosses.accuracy(binaryRewards(group));
    return accuracy == 0 || accuracy == 1;
  }

  private double[] binaryRewards(List<Rollout> group) {
    boolean zero = options.truncation() == Truncation.ZERO;
    return group.stream().mapToDouble(r -> zero && r.truncated() ? 0 : r.reward()).toArray();
  }

  private int trainedTokens(Rollout rollout) {
    boolean masked = options.truncation() == Truncation.MASK && rollout.truncated();
    return masked ? 0 : rollout.length();
  }

  /** Running sums of one batch. */
  private static final class Sums {
    private double loss;
    private double clippedLow;
    private double clippedHigh;
    private double kl;
    private final double[][][] gradient;
    private final double[][] advantages;

    Sums(List<List<Rollout>> groups) {
      gradient = new double[groups.size()][][];
      advantages = new double[groups.size()][];
      for (int g = 0; g < groups.size(); g++) {
        advantages[g] = new double[groups.get(g).size()];
        gradient[g] =
            groups.get(g).stream().map(r -> new double[r.length()]).toArray(double[][]::new);
      }
    }
  }
}
