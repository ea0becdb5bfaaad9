package org.etalon.savedmodels.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.program.Decoder;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.etalon.savedmodels.folder.ConfigJson;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.savedmodels.safetensors.Dtype;
import org.etalon.savedmodels.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds folders and the models in them against numbers of transformers, far beyond the window. */
class HuggingFaceParityTest {
  /** float32 on both sides, in another order of summation; logits reach 10. */
  private static final double TOLERANCE = 2e-5;

  @TempDir Path temporary;

  private static Path golden(String name) {
    return Path.of("src/test/resources/golden/hf").resolve(name);
  }

  private static Map<String, double[]> expected(String name) throws Exception {
    Map<String, double[]> lines = new LinkedHashMap<>();
    for (String line : Files.readAllLines(golden(name).resolve("expected.txt"))) {
      if (!line.startsWith("#")) {
        String[] words = line.split(" ", -1);
        lines.put(
            words[0], Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray());
      }
    }
    return lines;
  }

  private static int[] ints(double[] values) {
    return Arrays.stream(values).mapToInt(v -> (int) v).toArray();
  }

  /** The golden configuration with its hashed weights, as a folder. */
  private ModelFolder folder(String name) throws Exception {
    Path folder = Files.createDirectory(temporary.resolve(name));
    Path json = Files.copy(golden(name).resolve("config.json"), folder.resolve("config.json"));
    ModelConfig config = ConfigJson.read(json.toString(), Files.readString(json));
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    config.parameters().forEach(spec -> shapes.put(spec.name(), spec.dims()));
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      SafetensorsWriter.write(out, shapes, HashedWeights.of(config)::get);
    }
    return ModelFolder.open(folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "qwen2-tied",
        "qwen2-yarn",
        "qwen3-linear",
        "qwen3-yarn",
        "llama-llama3",
        "llama-untied"
      })
  void logitsLogProbsAndGreedyTokensAreThoseOfTransformers(String name) throws Exception {
    Map<String, double[]> expected = expected(name);
    ModelFolder model = folder(name);
    int[] ids = ints(expected.get("ids"));
    int vocabulary = model.config().vocabulary();
    float[] logits = FullForward.logits(model.config(), model::weight, ids);
    int rows = 0;
    double worst = 0;
    for (Map.Entry<String, double[]> line : expected.entrySet()) {
      if (line.getKey().startsWith("logits.")) {
        int t = Integer.parseInt(line.getKey().substring("logits.".length()));
        for (int v = 0; v < vocabulary; v++) {
          worst = Math.max(worst, Math.abs(line.getValue()[v] - logits[t * vocabulary + v]));
        }
        rows++;
      }
    }
    assertEquals(4, rows);
    double[] logProbs = expected.get("logprobs");
    assertEquals(ids.length - 1, logProbs.length);
    double worstLogProb = 0;
    for (int t = 0; t < logProbs.length; t++) {
      double got = logProb(logits, t * vocabulary, vocabulary, ids[t + 1]);
      worstLogProb = Math.max(worstLogProb, Math.abs(logProbs[t] - got));
    }
    assertTrue(worst < TOLERANCE, name + " logits differ by " + worst);
    assertTrue(worstLogProb < TOLERANCE, name + " log-probs differ by " + worstLogProb);
    int prompt = (int) expected.get("prompt")[0];
    assertArrayEquals(Arrays.copyOfRange(ids, prompt, ids.length), greedy(model, ids, prompt));
  }

  private static double logProb(float[] logits, int from, int vocabulary, int id) {
    double most = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < vocabulary; v++) {
      most = Math.max(most, logits[from + v]);
    }
    double sum = 0;
    for (int v = 0; v < vocabulary; v++) {
      sum += Math.exp(logits[from + v] - most);
    }
    return logits[from + id] - most - Math.log(sum);
  }

  /** Through the cache, as rollouts are made. */
  private static int[] greedy(ModelFolder model, int[] ids, int prompt) {
    try (Program program = new Program(model.config(), ExecutionOptions.defaults())) {
      model.config().parameters().forEach(p -> program.set(p.name(), model.weight(p.name())));
      var decoder = new Decoder(program, 1, ids.length, 1, prompt);
      var request = new Request(Arrays.copyOf(ids, prompt), 0, ids.length - prompt);
      return new RolloutEngine(decoder, Set.of())
          .generate(List.of(request), Sampling.greedy())
          .get(0)
          .ids();
    }
  }

  /** A folder that save_pretrained wrote: bfloat16, in two files. */
  @Test
  void aFolderThatTransformersWroteIsRead() {
    ModelFolder model = ModelFolder.open(golden("saved"));
    HashedWeights.of(model.config())
        .forEach(
            (name, values) -> {
              assertEquals(Dtype.BF16, model.dtype(name));
              float[] got = model.weight(name);
              assertEquals(values.length, got.length);
              for (int i = 0; i < got.length; i++) {
                // Eight bits of precision: half a unit in the last place is 2^-9 of the value.
                assertEquals(values[i], got[i], Math.abs(values[i]) * 0x1p-8);
              }
            });
  }
}
