package org.etalon.savedmodels.gguf;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.RopeScaling;

/** Small models with the built-in tokenizer. */
final class SmallGguf {
  private SmallGguf() {}

  static ModelConfig config(Architecture architecture, RopeScaling scaling, boolean tied) {
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      int rows = tokenizer.vocabSize() + 8;
      return new ModelConfig(
          architecture, rows, 32, 64, 2, 4, 2, 16, 1e5, scaling, 1e-5, tied, 4096);
    }
  }

  static Map<String, float[]> weights(ModelConfig config) {
    Random random = new Random(11);
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (ParameterSpec parameter : config.parameters()) {
      float[] values = new float[(int) parameter.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      weights.put(parameter.name(), values);
    }
    return weights;
  }

  static void write(Path target, ModelConfig config, GgufType type) {
    Map<String, float[]> weights = weights(config);
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      GgufExport.write(target, config, weights::get, tokenizer, type, "small");
    }
  }
}
