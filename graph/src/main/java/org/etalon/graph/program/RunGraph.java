package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.decode.CachedAttend;
import org.etalon.graph.decode.Sampler;
import org.etalon.graph.model.Loop;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Many tokens of every slot in one run of the session: a While whose state holds the caches, which
 * are written in place. A slot that is finished keeps its place and feeds its last token there
 * again, which changes nothing that is read.
 */
final class RunGraph {
  private final Program program;
  private final Shape shape;
  private final StepForm form;
  private final List<Placeholder<TInt32>> inputs;
  private final DrawKeys keys;
  private final Caches.Call call;

  /**
   * What a graph is built for.
   *
   * @param slots S
   * @param positions per slot, C
   * @param steps most steps of a run, n
   * @param stops number of stop ids, X
   * @param truncates whether top-k or top-p may be in use
   */
  record Shape(int slots, int positions, int steps, int stops, boolean truncates) {}

  RunGraph(Program program, Caches caches, Shape shape) {
    this.program = program;
    this.shape = shape;
    this.form = StepForm.of(program, shape.slots, shape.positions);
    Ops tf = program.ops().withSubScope("decode_" + shape.positions);
    this.keys = DrawKeys.placeholders(tf, shape.slots);
    this.inputs =
        List.of(
            Bucket.placeholder(tf, TInt32.class, shape.slots),
            Bucket.placeholder(tf, TInt32.class, shape.slots),
            Bucket.placeholder(tf, TInt32.class, shape.slots),
            Bucket.placeholder(tf, TInt32.class),
            Bucket.placeholder(tf, TInt32.class),
            Bucket.placeholder(tf, TInt32.class, shape.stops));
    List<Operand<?>> in = new ArrayList<>(keys.operands());
    in.addAll(inputs);
    this.call =
        caches.call(tf, form.lowering(), "run", in, form.reads(tf), shape.positions, this::run);
  }

  SlotDecoder.Run run(SlotDecoder.Slots slots, SlotDecoder.Until until, Sampling sampling) {
    Map<Operand<?>, Tensor> feeds = new HashMap<>();
    keys.feed(feeds, sampling, slots.sequences(), slots.draws());
    feeds.put(inputs.get(0), Tensors.of(slots.tokens(), shape.slots));
    feeds.put(inputs.get(1), Tensors.of(slots.positions(), shape.slots));
    feeds.put(inputs.get(2), Tensors.of(slots.remaining(), shape.slots));
    feeds.put(inputs.get(3), TInt32.scalarOf(until.steps()));
    feeds.put(inputs.get(4), TInt32.scalarOf(until.leastLive()));
    feeds.put(inputs.get(5), Tensors.of(until.stopIds(), shape.stops));
    return program.run(feeds, call.outputs(), call.writes(), RunGraph::drawn);
  }

  private static SlotDecoder.Run drawn(Result result) {
    return new SlotDecoder.Run(
        Tensors.ints(result.get(0))[0],
        Tensors.ints(result.get(1)),
        Tensors.floats(result.get(2)),
        Tensors.ints(result.get(3)));
  }

  /**
   * The loop's state in its parts, in this order; what follows the caches does not change.
   *
   * @param step steps done
   * @param token_S what each slot feeds next
   * @param draw_S index of the token that it then draws
   * @param remaining_S tokens that it may still draw; 0: finished
   * @param token_nS what was drawn
   * @param caches keys of every layer, then values
   * @param fixed draw keys, steps, least live slots, stop ids, weights
   */
  private record State(
      Operand<TInt32> step,
      Operand<TInt32> token_S,
      Operand<TInt32> position_S,
      Operand<TInt64> draw_S,
      Operand<TInt32> remaining_S,
      Operand<TInt32> count_S,
      Operand<TInt32> token_nS,
      Operand<TFloat32> logp_nS,
      List<Operand<?>> caches,
      List<Operand<?>> fixed) {
    @SuppressWarnings("unchecked") // the order of operands()
    static State of(List<Operand<?>> all, int caches) {
      return new State(
          (Operand<TInt32>) all.get(0),
          (Operand<TInt32>) all.get(1),
          (Operand<TInt32>) all.get(2),
          (Operand<TInt64>) all.get(3),
          (Operand<TInt32>) all.get(4),
          (Operand<TInt32>) all.get(5),
          (Operand<TInt32>) all.get(6),
          (Operand<TFloat32>) all.get(7),
          all.subList(8, 8 + caches),
          all.subList(8 + caches, all.size()));
    }

    List<Operand<?>> operands() {
      List<Operand<?>> all =
          new ArrayList<>(
              List.of(step, token_S, position_S, draw_S, remaining_S, count_S, token_nS, logp_nS));
      all.addAll(caches);
      all.addAll(fixed);
      return all;
    }

    DrawKeys keys() {
      return DrawKeys.of(fixed).at(draw_S);
    }

    @SuppressWarnings("unchecked") // steps, least live slots, stop ids
    Operand<TInt32> limit(int index) {
      return (Operand<TInt32>) fixed.get(DrawKeys.SIZE + index);
    }

    List<Operand<?>> weights() {
      return fixed.subList(DrawKeys.SIZE + 3, fixed.size());
    }

    Operand<TBool> active_S(Ops tf) {
      return tf.math.greater(remaining_S, tf.constant(0));
    }
  }

  private int caches() {
    return 2 * program.config().layers();
  }

  /** (keys, inputs, caches, weights) → (steps, tokens, log-probs, counts, caches). */
  @SuppressWarnings("unchecked") // the order of the constructor's operands
  private List<Operand<?>> run(Ops tf, List<Operand<?>> in) {
    int next = DrawKeys.SIZE + inputs.size();
    var token_S = (Operand<TInt32>) in.get(DrawKeys.SIZE);
    var zero_S = tf.zerosLike(token_S);
    var zero_nS = tf.fill(tf.constant(new int[] {shape.steps, shape.slots}), tf.constant(0));
    List<Operand<?>> fixed = new ArrayList<>(in.subList(0, DrawKeys.SIZE));
    fixed.addAll(in.subList(DrawKeys.SIZE + 3, next));
    fixed.addAll(form.weights(tf, in.subList(next + caches(), in.size())));
    State start =
        new State(
            tf.constant(0),
            token_S,
            (Operand<TInt32>) in.get(DrawKeys.SIZE + 1),
            DrawKeys.of(in).draw_S(),
            (Operand<TInt32>) in.get(DrawKeys.SIZE + 2),
            zero_S,
            zero_nS,
            tf.dtypes.cast(zero_nS, TFloat32.class),
            form.held(tf, in.subList(next, next + caches())),
            fixed);
    List<Operand<?>> operands = start.operands();
    State end =
        State.of(
            List.copyOf(
                Loop.of(tf, operands, this::goesOn, this::step, form.lowering() == Lowering.XLA)),
            caches());
    List<Operand<?>> out =
        new ArrayList<>(List.of(end.step, end.token_nS, end.logp_nS, end.count_S));
    out.addAll(form.stored(tf, end.caches));
    return out;
  }

  private List<Operand<?>> goesOn(Ops tf, List<Operand<?>> in) {
    State state = State.of(in, caches());
    var live = tf.reduceSum(count(tf, state.active_S(tf)), tf.constant(0));
    return List.of(
        tf.math.logicalAnd(
            tf.math.less(state.step, state.limit(0)), tf.math.greaterEqual(live, state.limit(1))));
  }

  private List<Operand<?>> step(Ops tf, List<Operand<?>> in) {
    State state = State.of(in, caches());
    int layers = program.config().layers();
    CachedAttend attend =
        form.attend(
            state.caches.subList(0, layers),
            state.caches.subList(layers, 2 * layers),
            state.position_S);
    var model = form.model(tf, state.weights(), state.limit(1));
    var h_S1D =
        model.apply(
            tf,
            tf.expandDims(state.token_S, tf.constant(1)),
            tf.expandDims(state.position_S, tf.constant(1)),
            attend);
    var size = tf.constant(new int[] {shape.slots, program.config().hidden()});
    var logits_SV = model.logits(tf, tf.reshape(h_S1D, size));
    Sampler.Draw draw = state.keys().draw(tf, logits_SV, shape.truncates);
    List<Operand<?>> updated = new ArrayList<>(attend.keys());
    updated.addAll(attend.values());
    return after(tf, state, draw, updated).operands();
  }

  /** The state after a draw. */
  private State after(Ops tf, State state, Sampler.Draw draw, List<Operand<?>> updated) {
    var active_S = state.active_S(tf);
    var one_S = count(tf, active_S);
    var isStop_SX = tf.math.equal(tf.expandDims(draw.token_B(), tf.constant(1)), state.limit(2));
    var left_S = tf.math.sub(state.remaining_S, one_S);
    var remaining_S =
        tf.select(tf.reduceAny(isStop_SX, tf.constant(1)), tf.zerosLike(left_S), left_S);
    var index_n = tf.range(tf.constant(0), tf.constant(shape.steps), tf.constant(1));
    var now_n1 = tf.expandDims(tf.math.equal(index_n, state.step), tf.constant(1));
    var position_S = tf.math.add(state.position_S, one_S);
    return new State(
        tf.math.add(state.step, tf.constant(1)),
        tf.select(active_S, draw.token_B(), state.token_S),
        // A finished slot stays where it is, within its room.
        tf.select(tf.math.greater(remaining_S, tf.constant(0)), position_S, state.position_S),
        tf.math.add(state.draw_S, tf.dtypes.cast(one_S, TInt64.class)),
        remaining_S,
        tf.math.add(state.count_S, one_S),
        tf.select(now_n1, draw.token_B(), state.token_nS),
        tf.select(now_n1, draw.logp_B(), state.logp_nS),
        updated,
        state.fixed);
  }

  private static Operand<TInt32> count(Ops tf, Operand<TBool> x) {
    return tf.dtypes.cast(x, TInt32.class);
  }
}
