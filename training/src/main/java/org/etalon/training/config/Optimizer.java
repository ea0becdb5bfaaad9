package org.etalon.training.config;

/** The checks that the AdamW keys of both phases share. */
final class Optimizer {
  private Optimizer() {}

  static void check(
      String section,
      double learningRate,
      double minLearningRate,
      double weightDecay,
      double beta1,
      double beta2,
      double epsilon,
      double clipNorm) {
    Check.above(section + ".learningRate", "peak learning rate", learningRate, 0);
    Check.within(
        section + ".minLearningRate", "final learning rate", minLearningRate, 0, learningRate);
    Check.atLeast(section + ".weightDecay", "weight decay", weightDecay, 0.0);
    Check.withinBelow(section + ".beta1", "decay of the first moment", beta1, 0, 1);
    Check.withinBelow(section + ".beta2", "decay of the second moment", beta2, 0, 1);
    Check.above(section + ".epsilon", "epsilon of AdamW", epsilon, 0);
    Check.atLeast(section + ".clipNorm", "largest gradient norm", clipNorm, 0.0);
  }
}
