package org.etalon.training.bench;

import java.util.SplittableRandom;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.ParameterSpec.Kind;
import org.etalon.graph.program.Program;

/**
 * Fills a program with random weights piece by piece, so that models larger than the Java heap can
 * be measured. Deviations are those of {@link Program#initialize}, but the numbers are uniform:
 * that is quick, and speed does not depend on it.
 */
final class RandomWeights {
  private static final int PIECE = 1 << 16;
  private static final double DEVIATION = 0.02;

  private RandomWeights() {}

  static void fill(Program program, long seed) {
    for (ParameterSpec spec : program.config().parameters()) {
      program.set(spec.name(), piece -> write(program.config(), spec, seed, piece));
    }
  }

  private static void write(ModelConfig config, ParameterSpec spec, long seed, Program.Piece out) {
    SplittableRandom random = new SplittableRandom(seed * 31 + spec.name().hashCode());
    double deviation =
        switch (spec.kind()) {
          case EMBEDDING, MATRIX -> DEVIATION;
          case RESIDUAL_MATRIX -> DEVIATION / Math.sqrt(2.0 * config.layers());
          case NORM, BIAS -> 0;
        };
    double mean = spec.kind() == Kind.NORM ? 1 : 0;
    double half = Math.sqrt(3) * deviation;
    float[] values = new float[PIECE];
    for (long from = 0; from < spec.size(); from += PIECE) {
      int count = (int) Math.min(PIECE, spec.size() - from);
      for (int i = 0; i < count; i++) {
        values[i] = (float) (mean + half * (2 * random.nextDouble() - 1));
      }
      out.accept(from, values, count);
    }
  }
}
