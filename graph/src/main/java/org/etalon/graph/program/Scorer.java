package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.loss.ChunkedHead;
import org.etalon.graph.model.Parameters;
import org.etalon.graph.model.Tape;
import org.etalon.graph.model.Transformer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;

/** Log-probabilities and entropies of given tokens under the program's current weights. */
public final class Scorer {
  private final Program program;
  private final int headChunk;
  private final Map<BatchForm, Nodes> nodes = new HashMap<>();

  private record Nodes(Bucket bucket, List<Operand<?>> outputs) {}

  /**
   * Scores of one batch, flat row-major; positions of weight 0 hold values without meaning.
   *
   * @param logps ln p(target) of each position, nats
   * @param entropies entropy of each position's distribution, nats
   */
  public record Scores(float[] logps, float[] entropies) {}

  /**
   * @param headChunk positions whose logits are held at a time
   */
  public Scorer(Program program, int headChunk) {
    this.program = program;
    this.headChunk = headChunk;
  }

  /** Scores of a batch at a sampling temperature (1: the model's own distribution). */
  public Scores score(TokenBatch batch, double temperature) {
    batch.check(program.config().vocabulary());
    Nodes n = nodes.computeIfAbsent(program.formOf(batch), this::build);
    return program.run(
        n.bucket.feeds(batch, temperature),
        n.outputs,
        List.of(),
        result -> new Scores(Tensors.floats(result.get(0)), Tensors.floats(result.get(1))));
  }

  private Nodes build(BatchForm form) {
    Ops tf = program.ops().withSubScope("score_" + form.rows() + "x" + form.length());
    Bucket bucket = Bucket.of(tf, form.rows(), form.length());
    List<Operand<?>> inputs = new ArrayList<>(bucket.operands());
    inputs.addAll(program.reads(tf));
    return new Nodes(
        bucket,
        program
            .lowering()
            .call(
                tf,
                "score",
                inputs,
                (fn, in) -> {
                  var batch = Bucket.Inputs.of(in);
                  Transformer model =
                      model(fn, program.config(), in.subList(Bucket.Inputs.SIZE, in.size()));
                  var head =
                      new ChunkedHead(
                          model.head_VD(), batch.temperature(), headChunk, program.fusion());
                  var attend = program.attend(fn, batch.documents(form), form);
                  var hidden_MD = batch.hidden(fn, Tape.forward(program.fusion()), model, attend);
                  var scores = head.score(fn, hidden_MD, batch.targets_M());
                  return List.of(scores.logp_M(), scores.entropy_M());
                }));
  }

  /** The model over operands in the order of {@link Program#reads}. */
  static Transformer model(Ops tf, ModelConfig config, List<Operand<?>> weights) {
    Map<String, Operand<?>> byName = new HashMap<>();
    List<ParameterSpec> specs = config.parameters();
    for (int i = 0; i < specs.size(); i++) {
      byName.put(specs.get(i).name(), weights.get(i));
    }
    return Transformer.of(
        tf,
        config,
        weights.size() == specs.size()
            ? Parameters.of(byName::get)
            : Parameters.ofRounded(byName::get, weights.get(specs.size())));
  }
}
