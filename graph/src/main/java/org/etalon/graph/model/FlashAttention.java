package org.etalon.graph.model;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/**
 * Causal attention by cuDNN's flash kernels, forward and backward, for functions that XLA compiles
 * for a GPU. Queries, keys, values and results are bfloat16, sums and the kept row statistics
 * float32; no score leaves the kernel, so memory grows with T. Grouped heads are cuDNN's own.
 *
 * <p>The mask is causal and nothing else: right where a row holds one document, from its first
 * position on, and padding behind it. Padding sees the document, but its loss counts nothing. Rows
 * of several documents need {@link BlockAttention}.
 */
public record FlashAttention() implements Attend {
  /** Source: cuDNN 9, scaled dot product attention, limits of the backward pass. */
  private static final int LARGEST_HEAD = 128;

  private static final int HEAD_STEP = 8;

  /**
   * Why cuDNN cannot compute heads of this shape.
   *
   * @param headDim H, at most 128 and a multiple of 8
   */
  public static Optional<String> unsupported(int headDim) {
    return headDim <= LARGEST_HEAD && headDim % HEAD_STEP == 0
        ? Optional.empty()
        : Optional.of(
            "cuDNN's flash attention needs heads of at most "
                + LARGEST_HEAD
                + " numbers, a multiple of "
                + HEAD_STEP
                + ", got "
                + headDim);
  }

  @Override
  public boolean hasOwnGradient() {
    return true;
  }

  @Override
  public Operand<TFloat32> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_BTNH,
      Operand<TFloat32> k_BTKH,
      Operand<TFloat32> v_BTKH) {
    return tape.segment(
        tf, List.of(q_BTNH, k_BTKH, v_BTKH), FlashAttention::forward, FlashAttention::backward);
  }

  /** The result [B, T, N·H], the row statistics [B, N, T], and the result as cuDNN gave it. */
  private static List<Operand<TFloat32>> forward(Ops tf, List<Operand<TFloat32>> qkv) {
    var q_BNTH = heads(tf, qkv.get(0));
    var out = CudnnAttention.forward(tf, q_BNTH, heads(tf, qkv.get(1)), heads(tf, qkv.get(2)));
    // XLA drops the pair of casts around what is kept, so that it is kept in bfloat16.
    return List.of(
        joined(tf, rows(tf, out.values_BNTH())),
        out.statistics_BNT(),
        tf.dtypes.cast(out.values_BNTH(), TFloat32.class));
  }

  /** Gradients by q, k and v. */
  private static List<Operand<TFloat32>> backward(
      Ops tf,
      List<Operand<TFloat32>> qkv,
      List<Operand<TFloat32>> out,
      Operand<TFloat32> dOut_BTNh) {
    var dOut_BTNH = tf.reshape(dOut_BTNh, tf.constant(qkv.get(0).shape().asArray()));
    var result = new CudnnAttention.Result(tf.dtypes.cast(out.get(2), TBfloat16.class), out.get(1));
    return CudnnAttention.backward(
            tf,
            heads(tf, qkv.get(0)),
            heads(tf, qkv.get(1)),
            heads(tf, qkv.get(2)),
            result,
            heads(tf, dOut_BTNH))
        .stream()
        .map(d_BNTH -> rows(tf, d_BNTH))
        .toList();
  }

  /** [B, T, N, H] as [B, N, T, H], rounded. */
  private static Operand<TBfloat16> heads(Ops tf, Operand<TFloat32> x_BTNH) {
    var rounded = tf.dtypes.cast(x_BTNH, TBfloat16.class);
    return tf.linalg.transpose(rounded, tf.constant(new int[] {0, 2, 1, 3}));
  }

  /** [B, N, T, H] as [B, T, N, H]. */
  private static Operand<TFloat32> rows(Ops tf, Operand<TBfloat16> x_BNTH) {
    var x_BTNH = tf.linalg.transpose(x_BNTH, tf.constant(new int[] {0, 2, 1, 3}));
    return tf.dtypes.cast(x_BTNH, TFloat32.class);
  }

  /** [B, T, N, H] as [B, T, N·H]. */
  private static Operand<TFloat32> joined(Ops tf, Operand<TFloat32> x_BTNH) {
    long[] s = x_BTNH.shape().asArray();
    return tf.reshape(x_BTNH, tf.constant(new long[] {s[0], s[1], s[2] * s[3]}));
  }
}
