package org.etalon.graph.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.etalon.graph.model.Attend;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.FullAttention;
import org.etalon.graph.model.Tape;
import org.etalon.graph.program.Lowering;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Blocks of queries see what whole rows do, whatever the length is when the graph runs. */
class PromptAttentionTest {
  private static final int B = 2;
  private static final int N = 6;
  private static final int K = 2;
  private static final int H = 4;
  private static final int BLOCK = 4;

  private static Placeholder<TFloat32> open(Ops tf, int heads) {
    return tf.placeholder(
        TFloat32.class,
        Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE, heads, Shape.UNKNOWN_SIZE, H)));
  }

  private static TFloat32 random(int heads, int length, int seed) {
    float[] values = new float[B * heads * length * H];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return TFloat32.tensorOf(Shape.of(B, heads, length, H), DataBuffers.of(values));
  }

  private static float[] read(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  private static Operand<TFloat32> attended(Ops tf, Attend attend, List<? extends Operand<?>> qkv) {
    List<Operand<TFloat32>> in = Cast.floats(qkv);
    return Cast.float32(
        tf, attend.apply(tf, Tape.forward(Optional.empty()), 0, in.get(0), in.get(1), in.get(2)));
  }

  @Test
  void blocksSeeWhatWholeRowsDo() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var q = open(tf, N);
      var k = open(tf, K);
      var v = open(tf, K);
      var sum_BT = tf.reduceSum(q, tf.constant(new int[] {1, 3}));
      var segments_BT = tf.zerosLike(tf.dtypes.cast(sum_BT, TInt32.class));
      var whole = attended(tf, FullAttention.within(tf, segments_BT), List.of(q, k, v));
      var blocks = attended(tf, new PromptAttention(BLOCK, false), List.of(q, k, v));
      var compiled =
          Cast.float32(
              tf,
              Lowering.XLA
                  .call(
                      tf,
                      "prompt",
                      List.of(q, k, v),
                      (ops, in) -> List.of(attended(ops, new PromptAttention(BLOCK, true), in)))
                  .get(0));
      for (int length : new int[] {1, 3, 4, 5, 8, 13}) {
        try (TFloat32 qs = random(N, length, 1);
            TFloat32 ks = random(K, length, 2);
            TFloat32 vs = random(K, length, 3);
            var result =
                session
                    .runner()
                    .feed(q, qs)
                    .feed(k, ks)
                    .feed(v, vs)
                    .fetch(whole)
                    .fetch(blocks)
                    .fetch(compiled)
                    .run()) {
          assertEquals(Shape.of(B, N, length, H), result.get(1).shape());
          float[] expected = read((TFloat32) result.get(0));
          assertArrayEquals(expected, read((TFloat32) result.get(1)), 2e-6f, "length " + length);
          assertArrayEquals(expected, read((TFloat32) result.get(2)), 2e-6f, "length " + length);
        }
      }
    }
  }
}
