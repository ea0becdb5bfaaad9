package org.etalon.training.bench.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.program.Decoder;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.program.TokenBatch;
import org.etalon.graph.program.Trainer;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;

/**
 * Check 6: time and memory of one layer and of the whole model's training step at several lengths,
 * and of decoding with several numbers of rows. Weights are a formula; see {@link HashedWeights}.
 */
final class ModelCheck implements Check {
  private static final AdamW ADAM = new AdamW(0.9, 0.95, 1e-8, 0.1);
  private static final int HEAD_CHUNK = 1024;

  /** Rows up to here keep more and compute less again; longer ones would not fit. */
  private static final int SHORT = 4096;

  @Override
  public Map<String, Object> run(Setup setup) {
    List<Integer> lengths = setup.sized(List.of(48), List.of(2048, 16_384, 32_768));
    Map<String, Object> values = new LinkedHashMap<>();
    List<Map<String, Object>> layers = new ArrayList<>();
    List<Map<String, Object>> steps = new ArrayList<>();
    List<Map<String, Object>> decodes = new ArrayList<>();
    values.put("layer", layers);
    values.put("step", steps);
    values.put("decode", decodes);
    try {
      // A small vocabulary: the head would hide the layer.
      lengths.forEach(t -> layers.add(train(setup, layer(setup), t, Recompute.NONE)));
      for (int t : lengths) {
        Recompute recompute = t <= SHORT ? Recompute.SELECTIVE : Recompute.FULL;
        steps.add(train(setup, setup.model(setup.layers()), t, recompute));
      }
      decode(setup, decodes);
    } catch (RuntimeException e) {
      throw CheckException.failed(
          "stopped: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), values);
    }
    return values;
  }

  private static ModelConfig layer(Setup setup) {
    ModelConfig c = setup.model(1);
    return ModelConfig.qwen2(
        512,
        c.hidden(),
        c.intermediate(),
        1,
        c.heads(),
        c.kvHeads(),
        c.headDim(),
        c.ropeTheta(),
        c.normEpsilon(),
        true,
        c.maxPositions());
  }

  /** One row of this length: backward pass and update. */
  private static Map<String, Object> train(
      Setup setup, ModelConfig model, int length, Recompute recompute) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("layers", model.layers());
    values.put("length", length);
    if (skipped(setup, values)) {
      return values;
    }
    values.put("recompute", recompute.toString());
    try (Program program = new Program(model, setup.options())) {
      HashedWeights.fill(program);
      Trainer trainer = new Trainer(program, new CrossEntropy(), ADAM, HEAD_CHUNK, recompute);
      TokenBatch batch = Batches.of(1, length, model.vocabulary());
      Timing timing = Timing.of(setup.sized(2, 5), () -> step(trainer, batch, values));
      values.putAll(timing.values());
      values.put("tokens_per_s", length / timing.median());
      values.put("tflops", flops(model, length) * length / timing.median() / 1e12);
    }
    values.putAll(MemoryUse.values(setup));
    return values;
  }

  static float step(Trainer trainer, TokenBatch batch, Map<String, Object> values) {
    float loss = trainer.accumulate(batch, 1, Map.of()).loss();
    values.putIfAbsent("loss", loss);
    trainer.step(1e-5, 1);
    return loss;
  }

  /**
   * Floating-point operations of a token's training step, nothing computed again: 6 for each number
   * of a matrix, the head included, and 6·L·N·H·T for causal attention.
   */
  static double flops(ModelConfig model, int length) {
    long parameters = model.parameters().stream().mapToLong(ParameterSpec::size).sum();
    return 6.0 * parameters
        + 6.0 * model.layers() * model.heads() * model.headDim() * (double) length;
  }

  private static void decode(Setup setup, List<Map<String, Object>> decodes) {
    ModelConfig model = setup.model(setup.layers());
    try (Program program = new Program(model, setup.options())) {
      HashedWeights.fill(program);
      for (int rows : setup.sized(List.of(2), List.of(1, 64, 256))) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("rows", rows);
        decodes.add(values);
        if (skipped(setup, values)) {
          continue;
        }
        int prompt = setup.sized(8, 128);
        int tokens = setup.sized(8, 256);
        Decoder decoder = new Decoder(program, rows, prompt + tokens, Math.min(rows, 16), prompt);
        var engine = new RolloutEngine(decoder, Set.of());
        List<Request> requests = requests(rows, prompt, tokens, model.vocabulary());
        Timing timing =
            Timing.of(setup.sized(1, 3), () -> engine.generate(requests, Sampling.at(1, 1)));
        values.put("prompt", prompt);
        values.put("tokens", tokens);
        values.putAll(timing.values());
        values.put("tokens_per_s", rows * tokens / timing.median());
        values.putAll(MemoryUse.values(setup));
      }
    }
  }

  private static List<Request> requests(int rows, int prompt, int tokens, int vocabulary) {
    return IntStream.range(0, rows)
        .mapToObj(
            r ->
                new Request(
                    IntStream.range(0, prompt).map(t -> Batches.token(r, t, vocabulary)).toArray(),
                    r,
                    tokens))
        .toList();
  }

  private static boolean skipped(Setup setup, Map<String, Object> values) {
    if (setup.deadline().isOver()) {
      values.put("skipped", "the time limit is over; raise --time-limit");
      return true;
    }
    return false;
  }
}
