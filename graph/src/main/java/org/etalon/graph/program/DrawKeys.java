package org.etalon.graph.program;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.etalon.graph.decode.Sampler;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** How slots draw: the settings they share, and each one's random key. */
record DrawKeys(
    Operand<TFloat32> temperature,
    Operand<TInt32> topK,
    Operand<TFloat32> topP,
    Operand<TInt64> seed,
    Operand<TInt64> sequence_S,
    Operand<TInt64> draw_S) {
  /** Number of operands. */
  static final int SIZE = 6;

  static DrawKeys placeholders(Ops tf, int slots) {
    return new DrawKeys(
        Bucket.placeholder(tf, TFloat32.class),
        Bucket.placeholder(tf, TInt32.class),
        Bucket.placeholder(tf, TFloat32.class),
        Bucket.placeholder(tf, TInt64.class),
        Bucket.placeholder(tf, TInt64.class, slots),
        Bucket.placeholder(tf, TInt64.class, slots));
  }

  /** The keys in a function's operands, which begin with them. */
  @SuppressWarnings("unchecked") // the order of operands()
  static DrawKeys of(List<? extends Operand<?>> operands) {
    return new DrawKeys(
        (Operand<TFloat32>) operands.get(0),
        (Operand<TInt32>) operands.get(1),
        (Operand<TFloat32>) operands.get(2),
        (Operand<TInt64>) operands.get(3),
        (Operand<TInt64>) operands.get(4),
        (Operand<TInt64>) operands.get(5));
  }

  List<Operand<?>> operands() {
    return List.of(temperature, topK, topP, seed, sequence_S, draw_S);
  }

  /** The same at other draws. */
  DrawKeys at(Operand<TInt64> otherDraw_S) {
    return new DrawKeys(temperature, topK, topP, seed, sequence_S, otherDraw_S);
  }

  void feed(Map<Operand<?>, Tensor> feeds, Sampling sampling, long[] sequences, long[] draws) {
    feeds.put(temperature, Tensors.scalar(sampling.temperature()));
    feeds.put(topK, TInt32.scalarOf(sampling.topK()));
    feeds.put(topP, Tensors.scalar(sampling.topP()));
    feeds.put(seed, TInt64.scalarOf(sampling.seed()));
    feeds.put(sequence_S, Tensors.of(sequences, sequences.length));
    feeds.put(draw_S, Tensors.of(draws, draws.length));
  }

  /** A token for each slot. */
  Sampler.Draw draw(Ops tf, Operand<TFloat32> logits_SV, boolean truncates) {
    float[] one = new float[Math.toIntExact(logits_SV.shape().get(0))];
    Arrays.fill(one, 1f);
    var ones_S = tf.constant(one);
    var settings =
        new Sampler.Settings(
            tf.math.mul(ones_S, temperature),
            tf.math.mul(tf.dtypes.cast(ones_S, TInt32.class), topK),
            tf.math.mul(ones_S, topP),
            Sampler.uniform(
                tf, tf.math.mul(tf.dtypes.cast(ones_S, TInt64.class), seed), sequence_S, draw_S));
    return Sampler.draw(tf, logits_SV, settings, truncates);
  }
}
