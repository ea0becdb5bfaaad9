package org.etalon.savedmodels.golden;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;

/**
 * Weights given by an integer hash of (parameter name, index), so that golden files need not store
 * them: {@code make_hf_golden.py} computes the same numbers.
 *
 * <p>With 32-bit unsigned arithmetic: {@code s} = FNV-1a of the name in UTF-8; {@code h = s +
 * 0x9E3779B9 · index}; {@code h = (h ^ (h >>> 16)) · 0x7FEB352D}; {@code h = (h ^ (h >>> 15)) ·
 * 0x846CA68B}; {@code h ^= h >>> 16}; {@code u = (h >>> 8) / 2^23 − 1} in [−1, 1). A value is
 * {@code 1 + u/4} for a norm, {@code u/2} for a bias or the embedding, {@code u} for a matrix that
 * writes to the residual stream, {@code u/4} otherwise; all are exact in float32.
 */
final class HashedWeights {
  private HashedWeights() {}

  /** All parameters of a model by Hugging Face name, flattened row-major. */
  static Map<String, float[]> of(ModelConfig config) {
    Map<String, float[]> parameters = new LinkedHashMap<>();
    config.parameters().forEach(spec -> parameters.put(spec.name(), values(spec)));
    return parameters;
  }

  private static float[] values(ParameterSpec spec) {
    int seed = fnv1a(spec.name());
    float[] values = new float[(int) spec.size()];
    for (int i = 0; i < values.length; i++) {
      float u = uniform(seed, i);
      values[i] =
          switch (spec.kind()) {
            case NORM -> 1 + u / 4;
            case BIAS, EMBEDDING -> u / 2;
            case RESIDUAL_MATRIX -> u;
            case MATRIX -> u / 4;
          };
    }
    return values;
  }

  private static int fnv1a(String name) {
    int hash = 0x811C9DC5;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x01000193;
    }
    return hash;
  }

  private static float uniform(int seed, int index) {
    int h = seed + 0x9E3779B9 * index;
    h = (h ^ (h >>> 16)) * 0x7FEB352D;
    h = (h ^ (h >>> 15)) * 0x846CA68B;
    h ^= h >>> 16;
    return (h >>> 8) / 8388608f - 1f;
  }
}
