package org.etalon.training.bench.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.TokenBatch;
import org.etalon.graph.program.Trainer;

/**
 * Check 7: the same training step here and in PyTorch, in turns: the same weights, tokens, types
 * and optimizer. The first losses have to agree.
 *
 * <p>Twelve layers, so that both fit on one GPU at a time.
 */
final class PeerCheck implements Check {
  private static final int LAYERS = 12;

  /** Both round products to bfloat16, in orders of their own. */
  private static final double LARGEST_DISTANCE = 2e-2;

  @Override
  public Map<String, Object> run(Setup setup) {
    if (setup.peer().isEmpty()) {
      throw CheckException.skipped("no peer was named; add --peer ci/gpu/peer");
    }
    ModelConfig model = setup.model(LAYERS);
    int length = setup.sized(64, 2048);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("layers", model.layers());
    values.put("length", length);
    try (Peer peer = Peer.start(setup.peer().get(), question(setup, model, length))) {
      values.putAll(peer.introduction());
      try (Program program = new Program(model, setup.options())) {
        HashedWeights.fill(program);
        var adam = new AdamW(0.9, 0.95, 1e-8, 0.1);
        var trainer = new Trainer(program, new CrossEntropy(), adam, 1024, Recompute.SELECTIVE);
        compare(setup, trainer, Batches.of(1, length, model.vocabulary()), peer, values);
      }
    }
    return values;
  }

  private static void compare(
      Setup setup, Trainer trainer, TokenBatch batch, Peer peer, Map<String, Object> values) {
    float ours = ModelCheck.step(trainer, batch, values);
    double theirs = peer.round().loss();
    values.put("peer_loss", theirs);
    if (!(Math.abs(ours - theirs) <= LARGEST_DISTANCE)) {
      throw CheckException.failed(
          "the first losses are %g here and %g in PyTorch, at most %g apart was expected"
              .formatted(ours, theirs, LARGEST_DISTANCE),
          values);
    }
    // Once more each: PyTorch's compiler and allocator settle in the second step.
    ModelCheck.step(trainer, batch, values);
    peer.round();
    List<Double> here = new ArrayList<>();
    List<Double> there = new ArrayList<>();
    for (int i = 0; i < setup.sized(2, 7) && !setup.deadline().isOver(); i++) {
      here.add(Timing.seconds(() -> ModelCheck.step(trainer, batch, values)));
      there.add(peer.round().seconds());
    }
    if (here.isEmpty()) {
      throw CheckException.skipped("the time limit is over; raise --time-limit");
    }
    Timing etalon = new Timing(0, here);
    Timing torch = new Timing(0, there);
    values.put("etalon_s", here);
    values.put("peer_s", there);
    values.put("etalon_median_s", etalon.median());
    values.put("peer_median_s", torch.median());
    values.put("peer_over_etalon", torch.median() / etalon.median());
  }

  /** What the peer needs to build the same model and batch. */
  private static Map<String, Object> question(Setup setup, ModelConfig model, int length) {
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("device", setup.onGpu() ? "cuda:" + setup.device().ordinal() : "cpu");
    question.put("vocabulary", model.vocabulary());
    question.put("hidden", model.hidden());
    question.put("intermediate", model.intermediate());
    question.put("layers", model.layers());
    question.put("heads", model.heads());
    question.put("kv_heads", model.kvHeads());
    question.put("head_dim", model.headDim());
    question.put("rope_theta", model.ropeTheta());
    question.put("norm_epsilon", model.normEpsilon());
    question.put("length", length);
    question.put("deviation", HashedWeights.DEVIATION);
    return question;
  }
}
