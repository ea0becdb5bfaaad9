package org.etalon.graph.program;

import java.util.Map;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.RopeScaling;
import org.etalon.graph.oracle.Golden;
import org.etalon.graph.oracle.HashedWeights;
import org.etalon.graph.oracle.NaiveConfig;
import org.etalon.graph.oracle.NaiveTransformer;

/** A model small enough for finite differences, as a program and as its naive reference. */
record SmallModel(NaiveConfig sizes) {
  /** Tied head, query width (36) unlike the hidden width, three query heads share a key head. */
  static final SmallModel TIED =
      new SmallModel(new NaiveConfig(43, 20, 26, 2, 6, 2, 6, 10_000, 1e-6, true, true, false));

  /** Untied head, no biases, one key head, another rotary base. */
  static final SmallModel UNTIED =
      new SmallModel(new NaiveConfig(41, 18, 22, 2, 3, 1, 10, 300_000, 1e-5, false, false, false));

  /** {@code TIED} or {@code UNTIED}, for parameters of tests. */
  static SmallModel named(String name) {
    return switch (name) {
      case "TIED" -> TIED;
      case "UNTIED" -> UNTIED;
      default -> throw new IllegalArgumentException("no small model is called " + name);
    };
  }

  /** The model of a golden file. */
  static SmallModel of(Golden golden) {
    return new SmallModel(golden.config());
  }

  ModelConfig config() {
    return new ModelConfig(
        architecture(),
        sizes.vocab(),
        sizes.hidden(),
        sizes.intermediate(),
        sizes.layers(),
        sizes.heads(),
        sizes.kvHeads(),
        sizes.headDim(),
        sizes.ropeTheta(),
        new RopeScaling.None(),
        sizes.normEpsilon(),
        sizes.tied(),
        64);
  }

  private Architecture architecture() {
    if (sizes.qkNorm()) {
      return Architecture.QWEN3;
    }
    return sizes.qkvBias() ? Architecture.QWEN2 : Architecture.LLAMA;
  }

  Map<String, float[]> weights() {
    return HashedWeights.of(sizes);
  }

  NaiveTransformer naive() {
    return NaiveTransformer.of(sizes, weights());
  }

  /** A program that holds the same weights as {@link #naive()}; the caller closes. */
  Program program(Lowering lowering) {
    // One thread: results are then reproducible bit for bit, and the models are tiny.
    return program(new ExecutionOptions(lowering, 1));
  }

  /** The same, run in another way. */
  Program program(ExecutionOptions options) {
    Program program = new Program(config(), options);
    program.load(weights());
    return program;
  }
}
