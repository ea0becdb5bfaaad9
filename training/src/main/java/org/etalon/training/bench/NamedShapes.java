package org.etalon.training.bench;

import com.google.common.collect.ImmutableMap;
import org.etalon.data.DataException;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.RopeScaling;

/**
 * Models by their published sizes, all with a tied head. Source: {@code config.json} of the Hugging
 * Face repositories HuggingFaceTB/SmolLM2-135M, HuggingFaceTB/SmolLM2-360M, Qwen/Qwen2.5-0.5B and
 * Qwen/Qwen2.5-1.5B. {@code tiny} is ours, 0.15 million parameters: for trying a command out.
 */
final class NamedShapes {
  private static final Architecture LLAMA = Architecture.LLAMA;
  private static final Architecture QWEN2 = Architecture.QWEN2;

  private static final ImmutableMap<String, ModelConfig> BY_NAME =
      ImmutableMap.of(
          "tiny", config(LLAMA, 1024, 64, 160, 2, 4, 2, 16, 1e4, 1e-5, 32_768),
          "smollm2-135m", config(LLAMA, 49_152, 576, 1536, 30, 9, 3, 64, 1e5, 1e-5, 8192),
          "smollm2-360m", config(LLAMA, 49_152, 960, 2560, 32, 15, 5, 64, 1e5, 1e-5, 8192),
          "qwen2.5-0.5b", config(QWEN2, 151_936, 896, 4864, 24, 14, 2, 64, 1e6, 1e-6, 32_768),
          "qwen2.5-1.5b", config(QWEN2, 151_936, 1536, 8960, 28, 12, 2, 128, 1e6, 1e-6, 131_072));

  private NamedShapes() {}

  /**
   * The model of that name.
   *
   * @throws DataException if there is none
   */
  static ModelConfig of(String name) {
    ModelConfig config = BY_NAME.get(name);
    if (config == null) {
      throw new DataException(
          "--shape: expected "
              + String.join(", ", BY_NAME.keySet())
              + ", got "
              + name
              + "; choose one, or a folder with --model");
    }
    return config;
  }

  private static ModelConfig config(
      Architecture architecture,
      int vocabulary,
      int hidden,
      int intermediate,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      double ropeTheta,
      double normEpsilon,
      int maxPositions) {
    return new ModelConfig(
        architecture,
        vocabulary,
        hidden,
        intermediate,
        layers,
        heads,
        kvHeads,
        headDim,
        ropeTheta,
        new RopeScaling.None(),
        normEpsilon,
        true,
        maxPositions);
  }
}
