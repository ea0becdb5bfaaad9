package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.WeightType;
import org.etalon.graph.loss.ChunkedHead;
import org.etalon.graph.loss.TokenObjective;
import org.etalon.graph.model.Attend;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.model.Tape;
import org.etalon.graph.model.Transformer;
import org.etalon.graph.optim.AdamW;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Gradients and updates of a program's weights. {@link #accumulate} adds one micro-batch's gradient
 * to the sum; {@link #step} clips it by its global norm, applies AdamW and clears it. Token weights
 * carry the normaliser of the whole batch, so the sum does not depend on how a batch is split.
 *
 * <p>The gradients and moments belong to the program: a second trainer of one program takes over
 * the first one's and resets them.
 */
public final class Trainer {
  private final Program program;
  private final TokenObjective objective;
  private final int headChunk;
  private final Recompute recompute;
  private final Variables gradients;
  private final Moments moments;
  private final Update update;
  private final Map<BatchForm, Micro> micros = new HashMap<>();
  private long steps;

  /**
   * What one micro-batch gave.
   *
   * @param loss Σ weight · loss
   * @param logps ln p(target) of each position, nats
   * @param entropies entropy of each position's distribution, nats
   */
  public record Outcome(float loss, float[] logps, float[] entropies) {}

  /**
   * What one optimizer step did.
   *
   * @param gradientNorm global norm before clipping
   * @param applied false when the norm was not finite: nothing was changed
   */
  public record StepResult(float gradientNorm, boolean applied) {}

  private record Micro(
      Bucket bucket,
      Placeholder<TFloat32> weights_M,
      List<Placeholder<TFloat32>> inputs_M,
      List<Operand<?>> outputs,
      List<Op> adds) {}

  /** The optimizer's state: first and second moments of every weight. */
  record Moments(Variables first, Variables second) {}

  private record Update(
      Operand<TFloat32> norm,
      Placeholder<TFloat32> rate,
      Placeholder<TFloat32> correction1,
      Placeholder<TFloat32> correction2,
      Placeholder<TFloat32> scale,
      List<Op> apply,
      List<Op> clear,
      List<Op> reset) {}

  private final AdamW optimizer;

  /** A trainer that keeps every intermediate value for the backward pass. */
  public Trainer(Program program, TokenObjective objective, AdamW optimizer, int headChunk) {
    this(program, objective, optimizer, headChunk, Recompute.NONE);
  }

  /**
   * @param objective what is minimised
   * @param headChunk positions whose logits are held at a time
   * @param recompute what the backward pass computes again; the gradient is the same
   * @throws IllegalArgumentException if the program's weights are not float32
   */
  public Trainer(
      Program program,
      TokenObjective objective,
      AdamW optimizer,
      int headChunk,
      Recompute recompute) {
    if (program.weightType() != WeightType.FLOAT32) {
      throw new IllegalArgumentException(
          "training needs float32 weights, the program's are "
              + program.weightType()
              + "; open it with float32");
    }
    this.program = program;
    this.objective = objective;
    this.optimizer = optimizer;
    this.headChunk = headChunk;
    this.recompute = recompute;
    Ops tf = program.ops();
    this.gradients =
        new Variables(tf, "gradients", program.config().parameters(), WeightType.FLOAT32);
    this.moments =
        new Moments(
            new Variables(tf, "first_moment", program.config().parameters(), WeightType.FLOAT32),
            new Variables(tf, "second_moment", program.config().parameters(), WeightType.FLOAT32));
    this.update = buildUpdate(tf.withSubScope("update"));
    program.run(Map.of(), List.of(), update.clear, result -> null);
    resetOptimizer();
  }

  /** Optimizer steps applied since the moments were zero. */
  public long steps() {
    return steps;
  }

  /** Sets the moments and the step count to zero, as before the first step. */
  public void resetOptimizer() {
    program.run(Map.of(), List.of(), update.reset, result -> null);
    steps = 0;
  }

  /** Continues from moments restored from a checkpoint. */
  public void resumeAt(long appliedSteps) {
    steps = appliedSteps;
  }

  Moments moments() {
    return moments;
  }

  Program program() {
    return program;
  }

  /**
   * Adds the gradient of one micro-batch.
   *
   * @param temperature sampling temperature whose log-probabilities the objective sees; 1 for SFT
   * @param inputs the objective's inputs by name, each [rows · length]
   */
  public Outcome accumulate(TokenBatch batch, double temperature, Map<String, float[]> inputs) {
    batch.check(program.config().vocabulary());
    Micro micro = micros.computeIfAbsent(program.formOf(batch), this::buildMicro);
    Map<Operand<?>, Tensor> feeds = micro.bucket.feeds(batch, temperature);
    feeds.put(micro.weights_M, Tensors.of(batch.weights(), batch.weights().length));
    for (int i = 0; i < micro.inputs_M.size(); i++) {
      String name = objective.inputs().get(i);
      float[] values = inputs.get(name);
      if (values == null) {
        throw new IllegalArgumentException("the objective needs an input " + name);
      }
      if (values.length != batch.weights().length) {
        throw new IllegalArgumentException(
            "the objective's input %s needs %d values, got %d"
                .formatted(name, batch.weights().length, values.length));
      }
      feeds.put(micro.inputs_M.get(i), Tensors.of(values, values.length));
    }
    return program.run(feeds, micro.outputs, micro.adds, Trainer::outcome);
  }

  /**
   * Applies the accumulated gradient and clears it.
   *
   * @param rate learning rate
   * @param clipNorm largest global norm; larger gradients are scaled down to it. 0: no clipping
   */
  public StepResult step(double rate, double clipNorm) {
    float norm =
        program.run(
            Map.of(), List.of(update.norm), List.of(), result -> Tensors.floats(result.get(0))[0]);
    if (!Float.isFinite(norm)) {
      program.run(Map.of(), List.of(), update.clear, result -> null);
      return new StepResult(norm, false);
    }
    double t = ++steps;
    Map<Operand<?>, Tensor> feeds =
        Map.of(
            update.rate, Tensors.scalar(rate),
            update.correction1, Tensors.scalar(1 - Math.pow(optimizer.beta1(), t)),
            update.correction2, Tensors.scalar(1 - Math.pow(optimizer.beta2(), t)),
            update.scale, Tensors.scalar(clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1));
    program.write(feeds, update.apply);
    program.run(Map.of(), List.of(), update.clear, result -> null);
    return new StepResult(norm, true);
  }

  /** The accumulated gradient of one weight, row-major. */
  public float[] gradient(String name) {
    return program.get(gradients, name);
  }

  private static Outcome outcome(Result result) {
    return new Outcome(
        Tensors.floats(result.get(0))[0],
        Tensors.floats(result.get(1)),
        Tensors.floats(result.get(2)));
  }

  private Micro buildMicro(BatchForm form) {
    Ops tf = program.ops().withSubScope("train_" + form.rows() + "x" + form.length());
    Bucket bucket = Bucket.of(tf, form.rows(), form.length());
    long positions = (long) form.rows() * form.length();
    Placeholder<TFloat32> weights = Bucket.placeholder(tf, TFloat32.class, positions);
    List<Placeholder<TFloat32>> extra = new ArrayList<>();
    for (int i = 0; i < objective.inputs().size(); i++) {
      extra.add(Bucket.placeholder(tf, TFloat32.class, positions));
    }
    List<Operand<?>> inputs = new ArrayList<>(bucket.operands());
    inputs.add(weights);
    inputs.addAll(extra);
    inputs.addAll(program.reads(tf));
    List<Operand<?>> outputs =
        program.lowering().call(tf, "backward", inputs, (fn, in) -> backward(fn, in, form));
    List<Op> adds = new ArrayList<>();
    for (int i = 0; i < gradients.all().size(); i++) {
      adds.add(tf.assignAddVariableOp(gradients.all().get(i).handle(), outputs.get(3 + i)));
    }
    return new Micro(bucket, weights, extra, outputs.subList(0, 3), adds);
  }

  /** (batch, weights, inputs, parameters) → (loss, log-probs, entropies, gradients). */
  @SuppressWarnings("unchecked") // everything after the bucket's inputs is float32
  private List<Operand<?>> backward(Ops tf, List<Operand<?>> in, BatchForm form) {
    Bucket.Inputs batch = Bucket.Inputs.of(in);
    var weights_M = (Operand<TFloat32>) in.get(Bucket.Inputs.SIZE);
    int extra = objective.inputs().size();
    List<Operand<TFloat32>> inputs_M = new ArrayList<>();
    for (int i = 0; i < extra; i++) {
      inputs_M.add((Operand<TFloat32>) in.get(Bucket.Inputs.SIZE + 1 + i));
    }
    List<Operand<?>> parameters = in.subList(Bucket.Inputs.SIZE + 1 + extra, in.size());
    Transformer model = Scorer.model(tf, program.config(), parameters);
    Ops scope = tf.withSubScope("model");
    Attend attend = program.attend(scope, batch.documents(form), form);
    Tape tape = Tape.of(recompute, program.lowering()::barrier, program.fusion());
    var hidden_MD = batch.hidden(scope, tape, model, attend);
    var head = new ChunkedHead(model.head_VD(), batch.temperature(), headChunk, program.fusion());
    var back =
        head.backward(
            tf.withSubScope("head"), hidden_MD, batch.targets_M(), weights_M, objective, inputs_M);
    // The untied head is no part of the states, so it has no gradient through them.
    int count = program.config().parameters().size();
    List<Operand<? extends TFloating>> inner = new ArrayList<>();
    inner.add(model.embedding_VD().values_OI());
    for (Operand<?> parameter :
        parameters.subList(1, program.config().tied() ? count : count - 1)) {
      inner.add(Cast.floating(parameter));
    }
    var through = tape.gradients(tf.withSubScope("gradients"), hidden_MD, back.dHidden_MD(), inner);
    List<Operand<?>> outputs = new ArrayList<>();
    outputs.add(back.loss());
    outputs.add(back.scores().logp_M());
    outputs.add(back.scores().entropy_M());
    outputs.addAll(through);
    if (program.config().tied()) {
      outputs.set(3, tf.math.add(through.get(0), back.dHead_VD()));
    } else {
      outputs.add(back.dHead_VD());
    }
    return outputs;
  }

  private Update buildUpdate(Ops tf) {
    List<Variables.Variable> g = gradients.all();
    List<Operand<TFloat32>> squares = new ArrayList<>();
    List<Op> clear = new ArrayList<>();
    for (Variables.Variable variable : g) {
      squares.add(tf.nn.l2Loss(variable.value()));
      clear.add(tf.assignVariableOp(variable.handle(), zeros(tf, variable)));
    }
    List<Op> reset = new ArrayList<>();
    for (Variables set : List.of(moments.first, moments.second)) {
      for (Variables.Variable variable : set.all()) {
        reset.add(tf.assignVariableOp(variable.handle(), zeros(tf, variable)));
      }
    }
    var norm = tf.math.sqrt(tf.math.mul(tf.constant(2f), tf.math.addN(squares)));
    var rate = Bucket.placeholder(tf, TFloat32.class);
    var correction1 = Bucket.placeholder(tf, TFloat32.class);
    var correction2 = Bucket.placeholder(tf, TFloat32.class);
    var scale = Bucket.placeholder(tf, TFloat32.class);
    List<Op> apply = buildApply(tf, List.of(rate, correction1, correction2, scale));
    return new Update(norm, rate, correction1, correction2, scale, apply, clear, reset);
  }

  private List<Op> buildApply(Ops tf, List<Operand<TFloat32>> scalars) {
    return program.lowering() == Lowering.XLA ? applyAtOnce(tf, scalars) : applyInTurn(tf, scalars);
  }

  private List<Op> applyAtOnce(Ops tf, List<Operand<TFloat32>> scalars) {
    List<Operand<?>> inputs = new ArrayList<>(scalars);
    List<Variables> sets = optimized();
    int count = gradients.all().size();
    for (Variables set : sets) {
      for (Variables.Variable variable : set.all()) {
        inputs.add(tf.readVariableOp(variable.handle(), TFloat32.class));
      }
    }
    List<Operand<?>> outputs =
        program.lowering().call(tf, "adamw", inputs, (fn, in) -> adamw(fn, in, count));
    List<Op> apply = new ArrayList<>();
    for (int set = 0; set < 3; set++) {
      for (int i = 0; i < count; i++) {
        apply.add(
            tf.assignVariableOp(sets.get(set).all().get(i).handle(), outputs.get(set * count + i)));
      }
    }
    return apply;
  }

  /**
   * One parameter after the other: the executor would otherwise begin with all of them, and hold
   * more than two further copies of the weights. Compiled, those of one shape share a function.
   */
  private List<Op> applyInTurn(Ops tf, List<Operand<TFloat32>> scalars) {
    List<Op> apply = new ArrayList<>();
    for (int i = 0; i < gradients.all().size(); i++) {
      int written = apply.size();
      Ops later =
          written == 0 ? tf : tf.withControlDependencies(apply.subList(written - 3, written));
      List<Operand<?>> in = new ArrayList<>(scalars);
      for (Variables set : optimized()) {
        in.add(later.readVariableOp(set.all().get(i).handle(), TFloat32.class));
      }
      boolean decays = program.config().parameters().get(i).kind().decays();
      List<? extends Operand<?>> next =
          program.fusion().isPresent()
              ? program
                  .fusion()
                  .get()
                  .call(
                      later,
                      "adamw_" + decays,
                      in,
                      (fn, x) -> adamw(fn, Cast.floats(x), 0, 1, decays))
              : adamw(later, Cast.floats(in), 0, 1, decays);
      for (int set = 0; set < 3; set++) {
        var variable = optimized().get(set).all().get(i);
        apply.add(tf.assignVariableOp(variable.handle(), next.get(set)));
      }
    }
    return apply;
  }

  /** Weights, moments and gradients. */
  private List<Variables> optimized() {
    return List.of(program.weights(), moments.first, moments.second, gradients);
  }

  /** (scalars, p…, m…, v…, g…) → (p…, m…, v…). */
  private List<Operand<?>> adamw(Ops tf, List<Operand<?>> in, int count) {
    List<List<Operand<?>>> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean decays = program.config().parameters().get(i).kind().decays();
      next.add(adamw(tf, Cast.floats(in), i, count, decays));
    }
    return bySet(next);
  }

  /** (p, m, v)… as (p…, m…, v…). */
  private static List<Operand<?>> bySet(List<List<Operand<?>>> slots) {
    List<Operand<?>> all = new ArrayList<>();
    for (int set = 0; set < 3; set++) {
      for (List<Operand<?>> slot : slots) {
        all.add(slot.get(set));
      }
    }
    return all;
  }

  /** The next p, m and v of one parameter. */
  private List<Operand<?>> adamw(
      Ops tf, List<Operand<TFloat32>> f, int i, int count, boolean decays) {
    var scalars = new AdamW.Scalars(f.get(0), f.get(1), f.get(2), f.get(3));
    var slot = new AdamW.Slot(f.get(4 + i), f.get(4 + count + i), f.get(4 + 2 * count + i));
    var next = optimizer.update(tf, slot, f.get(4 + 3 * count + i), decays, scalars);
    return List.of(next.p(), next.m(), next.v());
  }

  static Operand<TFloat32> zeros(Ops tf, Variables.Variable variable) {
    return tf.fill(tf.constant(variable.spec().shape()), tf.constant(0f));
  }
}
