package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.decode.KeyValues;
import org.etalon.graph.decode.Sampler;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Documents;
import org.etalon.graph.model.Tape;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** Prompts of one padded length: their keys and values go to slots, and each slot draws a token. */
final class PrefillGraph {
  private final Program program;
  private final Shape shape;
  private final List<Placeholder<TInt32>> inputs;
  private final DrawKeys keys;
  private final Caches.Call call;

  /**
   * What a graph is built for.
   *
   * @param rows prompts, P
   * @param length positions that prompts are padded to, T
   * @param slots S
   * @param positions per slot, C
   * @param truncates whether top-k or top-p may be in use
   */
  record Shape(int rows, int length, int slots, int positions, boolean truncates) {}

  PrefillGraph(Program program, Caches caches, Shape shape) {
    this.program = program;
    this.shape = shape;
    Ops tf = program.ops().withSubScope("prefill_" + shape.length);
    this.keys = DrawKeys.placeholders(tf, shape.slots);
    this.inputs =
        List.of(
            Bucket.placeholder(tf, TInt32.class, shape.rows, shape.length),
            Bucket.placeholder(tf, TInt32.class, shape.rows),
            Bucket.placeholder(tf, TInt32.class, shape.slots),
            Bucket.placeholder(tf, TInt32.class, shape.slots));
    List<Operand<?>> in = new ArrayList<>(keys.operands());
    in.addAll(inputs);
    this.call =
        caches.call(
            tf,
            program.lowering(),
            "prefill",
            in,
            program.reads(tf),
            shape.positions,
            this::prefill);
  }

  SlotDecoder.Drawn run(List<int[]> prompts, SlotDecoder.Fill fill, Sampling sampling) {
    int[] ids = new int[shape.rows * shape.length];
    int[] lengths = new int[shape.rows];
    Arrays.fill(lengths, 1);
    for (int i = 0; i < prompts.size(); i++) {
      System.arraycopy(prompts.get(i), 0, ids, i * shape.length, prompts.get(i).length);
      lengths[i] = prompts.get(i).length;
    }
    // Unused entries repeat the first one: the same rows are written twice with the same values.
    int[] prompt = new int[shape.slots];
    int[] slot = new int[shape.slots];
    long[] sequence = new long[shape.slots];
    long[] draw = new long[shape.slots];
    for (int i = 0; i < shape.slots; i++) {
      int entry = i < fill.slots().length ? i : 0;
      prompt[i] = fill.prompts()[entry];
      slot[i] = fill.slots()[entry];
      sequence[i] = fill.sequences()[entry];
      draw[i] = fill.draws()[entry];
    }
    Map<Operand<?>, Tensor> feeds = new HashMap<>();
    feeds.put(inputs.get(0), Tensors.of(ids, shape.rows, shape.length));
    feeds.put(inputs.get(1), Tensors.of(lengths, shape.rows));
    feeds.put(inputs.get(2), Tensors.of(prompt, shape.slots));
    feeds.put(inputs.get(3), Tensors.of(slot, shape.slots));
    keys.feed(feeds, sampling, sequence, draw);
    return program.run(feeds, call.outputs(), call.writes(), PrefillGraph::drawn);
  }

  private static SlotDecoder.Drawn drawn(Result result) {
    return new SlotDecoder.Drawn(Tensors.ints(result.get(0)), Tensors.floats(result.get(1)));
  }

  /** (keys, inputs, caches, weights) → (tokens, log-probs, caches). */
  @SuppressWarnings("unchecked") // the order of the constructor's operands
  private List<Operand<?>> prefill(Ops tf, List<Operand<?>> in) {
    int next = DrawKeys.SIZE + inputs.size();
    int caches = 2 * program.config().layers();
    var ids_PT = (Operand<TInt32>) in.get(DrawKeys.SIZE);
    var length_P = (Operand<TInt32>) in.get(DrawKeys.SIZE + 1);
    var prompt_S = (Operand<TInt32>) in.get(DrawKeys.SIZE + 2);
    var slot_S = (Operand<TInt32>) in.get(DrawKeys.SIZE + 3);
    var model = Scorer.model(tf, program.config(), in.subList(next + caches, in.size()));
    // Padding lies to the right of a prompt, so the causal mask alone keeps it out of sight.
    var recorder =
        new KeyValues(
            program.attend(
                tf,
                Documents.apart(tf.zerosLike(ids_PT)),
                new BatchForm(shape.rows, shape.length, false, false)));
    var position_T = tf.range(tf.constant(0), tf.constant(shape.length), tf.constant(1));
    var position_PT = tf.math.add(tf.zerosLike(ids_PT), position_T);
    var h_PTD = model.apply(tf, Tape.forward(program.fusion()), ids_PT, position_PT, recorder);
    var row_P = tf.range(tf.constant(0), tf.constant(shape.rows), tf.constant(1));
    var last_P = tf.stack(List.of(row_P, tf.math.sub(length_P, tf.constant(1))), Stack.axis(1L));
    var logits_PV = model.logits(tf, tf.gatherNd(h_PTD, last_P));
    Sampler.Draw draw =
        DrawKeys.of(in).draw(tf, tf.gather(logits_PV, prompt_S, tf.constant(0)), shape.truncates);
    List<Operand<?>> out = new ArrayList<>(List.of(draw.token_B(), draw.logp_B()));
    var rows = rows(tf, slot_S);
    StepForm form = StepForm.of(program, shape.slots, shape.positions);
    List<Operand<TFloat32>> filled = new ArrayList<>();
    recorder.keys().forEach(x_PKTH -> filled.add(form.keys(tf, ofSlots(tf, x_PKTH, prompt_S))));
    recorder.values().forEach(x_PKTH -> filled.add(form.values(tf, ofSlots(tf, x_PKTH, prompt_S))));
    for (int i = 0; i < caches; i++) {
      out.add(fill(tf, Cast.floating(in.get(next + i)), rows, filled.get(i)));
    }
    return out;
  }

  /** Cache rows of positions 0 … T−1 of each entry's slot, in (entry, head, position) order. */
  private Operand<TInt32> rows(Ops tf, Operand<TInt32> slot_S) {
    int heads = program.config().kvHeads();
    int[] offsets = new int[heads * shape.length];
    for (int k = 0; k < heads; k++) {
      for (int t = 0; t < shape.length; t++) {
        offsets[k * shape.length + t] = k * shape.positions + t;
      }
    }
    var start_S = tf.math.mul(slot_S, tf.constant(heads * shape.positions));
    return tf.reshape(
        tf.math.add(tf.expandDims(start_S, tf.constant(1)), tf.constant(offsets)),
        tf.constant(new int[] {-1}));
  }

  private static Operand<TFloat32> ofSlots(
      Ops tf, Operand<TFloat32> x_PKTH, Operand<TInt32> prompt_S) {
    return tf.gather(x_PKTH, prompt_S, tf.constant(0));
  }

  private <T extends TFloating> Operand<T> fill(
      Ops tf, Operand<T> cache_RH, Operand<TInt32> rows, Operand<TFloat32> x_rH) {
    var values = Cast.to(tf, x_rH, cache_RH.type());
    return program.lowering().rowWrite().apply(tf, cache_RH, rows, values);
  }
}
