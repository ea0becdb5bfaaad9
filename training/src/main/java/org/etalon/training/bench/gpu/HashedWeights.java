package org.etalon.training.bench.gpu;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.program.Program;

/**
 * Weights by a formula that Java and PyTorch compute alike: uniform with the deviation of a usual
 * initialisation, from a hash of the number's index and its parameter's name. No file has to be
 * exchanged, and none of the arrays is held whole.
 *
 * <p>With all numbers of 32 bits: x = index · 2654435761 + crc32(name); x ^= x ≫ 16; x ·=
 * 2246822519; x ^= x ≫ 13; value = (x/2³² − ½) · √12 · deviation. Norms are 1, biases 0.
 */
final class HashedWeights {
  /** Qwen2's. */
  static final double DEVIATION = 0.02;

  private static final int PIECE = 1 << 20;
  private static final long MASK = 0xffffffffL;

  private HashedWeights() {}

  static void fill(Program program) {
    float[] piece = new float[PIECE];
    for (ParameterSpec spec : program.config().parameters()) {
      long hash = hash(spec.name());
      program.set(
          spec.name(),
          out -> {
            for (long from = 0; from < spec.size(); from += PIECE) {
              int count = (int) Math.min(PIECE, spec.size() - from);
              for (int i = 0; i < count; i++) {
                piece[i] = value(spec.kind(), hash, from + i);
              }
              out.accept(from, piece, count);
            }
          });
    }
  }

  static long hash(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  static float value(ParameterSpec.Kind kind, long hash, long index) {
    return switch (kind) {
      case NORM -> 1;
      case BIAS -> 0;
      case EMBEDDING, MATRIX, RESIDUAL_MATRIX -> uniform(hash, index);
    };
  }

  static float uniform(long hash, long index) {
    long x = (index * 2654435761L + hash) & MASK;
    x ^= x >>> 16;
    x = (x * 2246822519L) & MASK;
    x ^= x >>> 13;
    return (float) ((x / 4294967296.0 - 0.5) * Math.sqrt(12) * DEVIATION);
  }
}
