package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.etalon.graph.model.Attend;
import org.etalon.graph.model.Documents;
import org.etalon.graph.model.FlashAttention;
import org.etalon.graph.model.FullAttention;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.model.Tape;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Attention alone, forward and backward, on random queries, keys, values and gradients: to compare
 * its forms with each other. The creator closes.
 */
public final class AttentionTrial implements AutoCloseable {
  /**
   * Sizes of a case.
   *
   * @param rows B, each of one document
   * @param length T
   * @param heads N
   * @param kvHeads K
   * @param headDim H
   */
  public record Sizes(int rows, int length, int heads, int kvHeads, int headDim) {
    private long[] queries() {
      return new long[] {rows, heads, length, headDim};
    }

    private long[] keys() {
      return new long[] {rows, kvHeads, length, headDim};
    }
  }

  /**
   * What attention gave, and its gradients by queries, keys and values for the random gradient by
   * its result; row-major.
   */
  public record Values(float[] out, float[] dQ, float[] dK, float[] dV) {
    /** The largest, over the four, of the norm of the difference over the reference's norm. */
    public double distanceFrom(Values reference) {
      return Math.max(
          Math.max(distance(out, reference.out), distance(dQ, reference.dQ)),
          Math.max(distance(dK, reference.dK), distance(dV, reference.dV)));
    }

    private static double distance(float[] got, float[] expected) {
      double difference = 0;
      double norm = 0;
      for (int i = 0; i < got.length; i++) {
        difference += ((double) got[i] - expected[i]) * ((double) got[i] - expected[i]);
        norm += (double) expected[i] * expected[i];
      }
      // Not a number compares with nothing, so that it would pass for near.
      double distance = Math.sqrt(difference / norm);
      return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
    }
  }

  private final Sizes sizes;
  private final Graph graph = new Graph();
  private final Session session;
  private final List<Operand<TFloat32>> inputs;
  private final List<Operand<?>> outputs;

  /**
   * @param device where it runs
   * @param lowering how; {@link AttentionForm#FLASH} needs {@link Lowering#XLA} and a GPU
   * @param form any but {@link AttentionForm#AUTO}; blocks are half a row
   */
  public AttentionTrial(Device device, Lowering lowering, AttentionForm form, Sizes sizes) {
    this.sizes = sizes;
    Device resolved = device.resolved();
    Ops tf = resolved.place(Ops.create(graph));
    this.inputs =
        List.of(
            Bucket.placeholder(tf, TFloat32.class, sizes.queries()),
            Bucket.placeholder(tf, TFloat32.class, sizes.keys()),
            Bucket.placeholder(tf, TFloat32.class, sizes.keys()),
            Bucket.placeholder(tf, TFloat32.class, sizes.queries()));
    this.outputs =
        lowering.call(
            tf, "attention", List.copyOf(inputs), (fn, in) -> build(fn, lowering, form, in));
    this.session = new Session(graph, resolved.configuration(0));
  }

  @SuppressWarnings("unchecked") // all inputs are float32
  private List<Operand<?>> build(
      Ops tf, Lowering lowering, AttentionForm form, List<Operand<?>> in) {
    List<Operand<TFloat32>> qkv = new ArrayList<>();
    in.subList(0, 3).forEach(x -> qkv.add((Operand<TFloat32>) x));
    // Ends of the segment: gradients are wanted by them.
    Tape tape = Tape.of(Recompute.NONE, lowering::barrier, Optional.empty());
    var out_BNTH =
        attend(tf, lowering, form).apply(tf, tape, 0, qkv.get(0), qkv.get(1), qkv.get(2));
    List<Operand<?>> results = new ArrayList<>(List.of(out_BNTH));
    results.addAll(tape.gradients(tf, out_BNTH, (Operand<TFloat32>) in.get(3), qkv));
    return results;
  }

  private Attend attend(Ops tf, Lowering lowering, AttentionForm form) {
    Operand<TInt32> segments_BT =
        tf.fill(tf.constant(new int[] {sizes.rows, sizes.length}), tf.constant(1));
    return switch (form) {
      case FLASH -> new FlashAttention();
      case FULL -> FullAttention.within(tf, segments_BT);
      case BLOCKS ->
          lowering.blockAttention(
              Documents.apart(segments_BT), Math.max(1, (sizes.length + 1) / 2));
      case AUTO ->
          throw new IllegalArgumentException("a trial needs a form: FULL, BLOCKS or FLASH");
    };
  }

  /** Values for numbers that depend on the seed alone. */
  public Values run(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double scale = 1 / Math.sqrt(sizes.headDim);
    List<Tensor> feeds = new ArrayList<>();
    try {
      for (int i = 0; i < inputs.size(); i++) {
        long[] shape = inputs.get(i).shape().asArray();
        feeds.add(random(random, i == 0 ? scale : 1, shape));
      }
      Session.Runner runner = session.runner();
      for (int i = 0; i < inputs.size(); i++) {
        runner.feed(inputs.get(i), feeds.get(i));
      }
      outputs.forEach(runner::fetch);
      try (Result result = runner.run()) {
        return new Values(
            Tensors.floats(result.get(0)),
            Tensors.floats(result.get(1)),
            Tensors.floats(result.get(2)),
            Tensors.floats(result.get(3)));
      }
    } finally {
      feeds.forEach(Tensor::close);
    }
  }

  /** Normal numbers that bfloat16 holds exactly, so that forms get the same ones. */
  private static Tensor random(SplittableRandom random, double scale, long[] shape) {
    long size = 1;
    for (long dimension : shape) {
      size *= dimension;
    }
    float[] values = new float[Math.toIntExact(size)];
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToIntBits((float) (scale * random.nextGaussian()));
      values[i] = Float.intBitsToFloat(bits & 0xffff0000);
    }
    return Tensors.of(values, shape);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
