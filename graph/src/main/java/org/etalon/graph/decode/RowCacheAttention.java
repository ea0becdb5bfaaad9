package org.etalon.graph.decode;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.model.Bits;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.FullAttention;
import org.etalon.graph.model.Loop;
import org.etalon.graph.model.Tape;
import org.etalon.graph.model.Terms;
import org.etalon.graph.model.XlaNodes;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * Attention of one sequence's new position, in a function that XLA compiles for a CPU: blocks of
 * positions up to the new one, with a running softmax, so that a cache costs what it holds and not
 * what it has room for.
 *
 * <p>Caches hold {@link Bits}. Keys lie as they are, [K, C, H]. Values lie in chunks of {@value
 * #CHUNK} positions, [K, C / CHUNK, H, CHUNK], because a sum over positions is read as they lie.
 */
public final class RowCacheAttention implements CachedAttend {
  /** Positions of a chunk of values; a cache is a multiple of it. */
  public static final int CHUNK = Terms.WIDTH;

  /** Our choice: 8 chunks, whose sum is so many terms; 4 and 16 are no faster. */
  private static final int BLOCK = 8 * CHUNK;

  /** Before the first block; smaller than any score. */
  private static final float LEAST = -1e30f;

  private final List<Operand<?>> keys_KCH;
  private final List<Operand<?>> values_KcHp;
  private final Operand<TInt32> position_1;
  private final List<Operand<?>> newKeys = new ArrayList<>();
  private final List<Operand<?>> newValues = new ArrayList<>();

  /**
   * @param keys_KCH cache of each layer's rotated keys
   * @param values_KcHp cache of each layer's values, in chunks
   * @param position_1 position that is written now, less than C
   */
  public RowCacheAttention(
      List<Operand<?>> keys_KCH, List<Operand<?>> values_KcHp, Operand<TInt32> position_1) {
    this.keys_KCH = List.copyOf(keys_KCH);
    this.values_KcHp = List.copyOf(values_KcHp);
    this.position_1 = position_1;
  }

  @Override
  public Operand<TFloat32> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_1N1H,
      Operand<TFloat32> k_1K1H,
      Operand<TFloat32> v_1K1H) {
    var keys = withKey(tf, keys_KCH.get(layer), k_1K1H);
    var values = withValue(tf, values_KcHp.get(layer), v_1K1H);
    newKeys.add(keys);
    newValues.add(values);
    int n = Math.toIntExact(q_1N1H.shape().get(1));
    return tf.reshape(
        new Blocks(n, keys).attend(tf, q_1N1H, keys, values, position_1),
        tf.constant(new int[] {1, n, 1, -1}));
  }

  private <T extends TType> Operand<T> withKey(
      Ops tf, Operand<T> keys_KCH, Operand<TFloat32> new_1K1H) {
    var zero_1 = tf.constant(new int[] {0});
    var start = tf.concat(List.of(zero_1, position_1, zero_1), tf.constant(0));
    var new_K1H = tf.squeeze(new_1K1H, Squeeze.axis(List.of(0L)));
    return XlaNodes.updateSlice(tf, keys_KCH, Bits.rounded(tf, new_K1H, keys_KCH.type()), start);
  }

  private <T extends TType> Operand<T> withValue(
      Ops tf, Operand<T> values_KcHp, Operand<TFloat32> new_1K1H) {
    var zero_1 = tf.constant(new int[] {0});
    var chunk_1 = tf.math.div(position_1, tf.constant(CHUNK));
    var within_1 = tf.math.sub(position_1, tf.math.mul(chunk_1, tf.constant(CHUNK)));
    var start = tf.concat(List.of(zero_1, chunk_1, zero_1, within_1), tf.constant(0));
    var swap = tf.constant(new int[] {1, 0, 3, 2});
    var new_K1H1 = tf.linalg.transpose(new_1K1H, swap);
    return XlaNodes.updateSlice(
        tf, values_KcHp, Bits.rounded(tf, new_K1H1, values_KcHp.type()), start);
  }

  /**
   * One layer's attention, block by block.
   *
   * @param kvHeads K
   * @param group query heads of each, G
   * @param size H
   * @param capacity C
   */
  private record Blocks(int kvHeads, int group, int size, int capacity) {
    Blocks(int heads, Operand<?> keys_KCH) {
      this(
          Math.toIntExact(keys_KCH.shape().get(0)),
          Math.toIntExact(heads / keys_KCH.shape().get(0)),
          Math.toIntExact(keys_KCH.shape().get(2)),
          Math.toIntExact(keys_KCH.shape().get(1)));
    }

    int block() {
      return Math.min(BLOCK, capacity);
    }

    /** [K, G, H]. */
    Operand<TFloat32> attend(
        Ops tf,
        Operand<TFloat32> q_1N1H,
        Operand<?> keys,
        Operand<?> values,
        Operand<TInt32> position_1) {
      var q_KGH = tf.reshape(q_1N1H, tf.constant(new int[] {kvHeads, group, size}));
      var one_KG1 = tf.constant(new int[] {kvHeads, group, 1});
      State start =
          new State(
              tf.constant(0),
              tf.fill(one_KG1, tf.constant(LEAST)),
              tf.fill(one_KG1, tf.constant(0f)),
              tf.zerosLike(q_KGH),
              q_KGH,
              keys,
              values,
              position_1);
      State end = State.of(Loop.compiled(tf, start.operands(), this::goesOn, this::step));
      return tf.math.div(end.sum_KGH, end.weight_KG1);
    }

    private List<Operand<?>> goesOn(Ops tf, List<Operand<?>> in) {
      State state = State.of(in);
      var position = tf.reshape(state.position_1, tf.constant(new int[0]));
      return List.of(tf.math.lessEqual(state.start, position));
    }

    /** One block: as in Milakov and Gimelshein, arXiv 1805.02867, for the softmax. */
    private List<Operand<?>> step(Ops tf, List<Operand<?>> in) {
      State state = State.of(in);
      // The last block ends with the cache, and begins with what has been seen already.
      var first = tf.math.minimum(state.start, tf.constant(capacity - block()));
      var scores_KGcp = tf.math.add(scores(tf, state, first), bias(tf, state, first));
      // Both dimensions are short, so that each is a sum and not a series of windows.
      var last = tf.constant(new int[] {2, 3});
      var one_KG1 = tf.constant(new int[] {kvHeads, group, 1});
      var max_KG1 = tf.math.maximum(state.max_KG1, tf.reshape(tf.max(scores_KGcp, last), one_KG1));
      var max_KG11 = tf.expandDims(max_KG1, tf.constant(3));
      var weights_KGcp = once(tf, tf.math.exp(tf.math.sub(scores_KGcp, max_KG11)));
      var scale_KG1 = tf.math.exp(tf.math.sub(state.max_KG1, max_KG1));
      var blockWeight_KG1 = tf.reshape(tf.reduceSum(weights_KGcp, last), one_KG1);
      return new State(
              tf.math.add(state.start, tf.constant(block())),
              max_KG1,
              tf.math.add(tf.math.mul(state.weight_KG1, scale_KG1), blockWeight_KG1),
              tf.math.add(
                  tf.math.mul(state.sum_KGH, scale_KG1), summed(tf, state, first, weights_KGcp)),
              state.q_KGH,
              state.keys,
              state.values,
              state.position_1)
          .operands();
    }

    private Operand<TFloat32> scores(Ops tf, State state, Operand<TInt32> first) {
      int[] box = Terms.box(size);
      var begin = tf.stack(List.of(tf.constant(0), first, tf.constant(0)));
      var keys_KBH = tf.slice(state.keys, begin, tf.constant(new int[] {kvHeads, block(), size}));
      int[] all = {kvHeads, 1, block(), box[0], box[1], box[2]};
      int[] one = {kvHeads, group, 1, box[0], box[1], box[2]};
      var terms =
          Terms.sum(
              tf,
              tf.reshape(keys_KBH, tf.constant(all)),
              tf.reshape(state.q_KGH, tf.constant(one)),
              3);
      var scores_KGB = tf.reduceSum(terms, tf.constant(new int[] {3, 4, 5}));
      return tf.reshape(
          once(tf, scores_KGB), tf.constant(new int[] {kvHeads, group, block() / CHUNK, CHUNK}));
    }

    private Operand<TFloat32> summed(
        Ops tf, State state, Operand<TInt32> first, Operand<TFloat32> weights_KGcp) {
      int chunks = block() / CHUNK;
      var chunk = tf.math.div(first, tf.constant(CHUNK));
      var zero = tf.constant(0);
      var begin = tf.stack(List.of(zero, chunk, zero, zero));
      var values_KcHp =
          tf.slice(state.values, begin, tf.constant(new int[] {kvHeads, chunks, size, CHUNK}));
      int[] all = {kvHeads, 1, chunks, size, CHUNK};
      int[] one = {kvHeads, group, chunks, 1, CHUNK};
      var terms =
          Terms.sum(
              tf,
              tf.reshape(values_KcHp, tf.constant(all)),
              tf.reshape(weights_KGcp, tf.constant(one)),
              2);
      var sum_KGH = tf.reduceSum(terms, tf.constant(new int[] {2, 4}));
      return tf.reshape(sum_KGH, tf.constant(new int[] {kvHeads, group, size}));
    }

    /** [c, p]: 0 for positions up to the new one that no block before has had. */
    private Operand<TFloat32> bias(Ops tf, State state, Operand<TInt32> first) {
      var index_B = tf.range(tf.constant(0), tf.constant(block()), tf.constant(1));
      var position_B = tf.math.add(index_B, first);
      var isSeen_B =
          tf.math.logicalAnd(
              tf.math.greaterEqual(position_B, state.start),
              tf.math.lessEqual(position_B, state.position_1));
      return tf.reshape(
          FullAttention.bias(tf, isSeen_B), tf.constant(new int[] {block() / CHUNK, CHUNK}));
    }

    /** The same, which is not computed again for each of its readers. */
    private static Operand<TFloat32> once(Ops tf, Operand<TFloat32> x) {
      return Cast.float32(tf, XlaNodes.barrier(tf, List.of(x)).get(0));
    }
  }

  /**
   * State of the loop over blocks.
   *
   * @param start first position of the next block
   * @param max_KG1 largest score so far
   * @param weight_KG1 Σ exp(score − max)
   * @param sum_KGH Σ exp(score − max) value
   * @param q_KGH scaled queries
   */
  private record State(
      Operand<TInt32> start,
      Operand<TFloat32> max_KG1,
      Operand<TFloat32> weight_KG1,
      Operand<TFloat32> sum_KGH,
      Operand<TFloat32> q_KGH,
      Operand<?> keys,
      Operand<?> values,
      Operand<TInt32> position_1) {
    @SuppressWarnings("unchecked") // the order of operands()
    static State of(List<? extends Operand<?>> all) {
      return new State(
          (Operand<TInt32>) all.get(0),
          (Operand<TFloat32>) all.get(1),
          (Operand<TFloat32>) all.get(2),
          (Operand<TFloat32>) all.get(3),
          (Operand<TFloat32>) all.get(4),
          all.get(5),
          all.get(6),
          (Operand<TInt32>) all.get(7));
    }

    List<Operand<?>> operands() {
      return List.of(start, max_KG1, weight_KG1, sum_KGH, q_KGH, keys, values, position_1);
    }
  }

  @Override
  public List<Operand<?>> keys() {
    return List.copyOf(newKeys);
  }

  @Override
  public List<Operand<?>> values() {
    return List.copyOf(newValues);
  }
}
