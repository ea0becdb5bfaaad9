package org.etalon.graph.model;

import java.util.ArrayList;
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
  public Operand<TFloat32> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_BNTH,
      Operand<TFloat32> k_BKTH,
      Operand<TFloat32> v_BKTH) {
    List<Operand<?>> outputs =
        tape.segment(
            tf,
            List.of(q_BNTH, k_BKTH, v_BKTH),
            (ops, in) -> forward(ops, Cast.floats(in)),
            (ops, in, out, d) ->
                backward(ops, Cast.floats(in), Cast.floats(out), Cast.floats(d).get(0)));
    return Cast.floats(outputs).get(0);
  }

  /** The result [B, N, T, H], and the row statistics [B, N, T]. */
  private static List<Operand<?>> forward(Ops tf, List<Operand<TFloat32>> qkv) {
    var out =
        CudnnAttention.forward(
            tf, rounded(tf, qkv.get(0)), rounded(tf, qkv.get(1)), rounded(tf, qkv.get(2)));
    // XLA drops the pair of casts around what is kept, so that it is kept in bfloat16.
    return List.of(Cast.float32(tf, out.values_BNTH()), out.statistics_BNT());
  }

  /** Gradients by q, k and v. */
  private static List<Operand<?>> backward(
      Ops tf,
      List<Operand<TFloat32>> qkv,
      List<Operand<TFloat32>> out,
      Operand<TFloat32> dOut_BNTH) {
    var result = new CudnnAttention.Result(rounded(tf, out.get(0)), out.get(1));
    List<Operand<?>> gradients = new ArrayList<>();
    CudnnAttention.backward(
            tf,
            rounded(tf, qkv.get(0)),
            rounded(tf, qkv.get(1)),
            rounded(tf, qkv.get(2)),
            result,
            rounded(tf, dOut_BNTH))
        .forEach(d -> gradients.add(Cast.float32(tf, d)));
    return gradients;
  }

  private static Operand<TBfloat16> rounded(Ops tf, Operand<TFloat32> x_BNTH) {
    return Cast.to(tf, x_BNTH, TBfloat16.class);
  }
}
