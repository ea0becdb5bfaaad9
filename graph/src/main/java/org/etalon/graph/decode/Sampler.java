package org.etalon.graph.decode;

import java.util.List;
import org.etalon.graph.model.Branch;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Draws one token per row inside the graph: temperature, then top-k, then top-p, then one uniform
 * number against the cumulative distribution. Temperature 0 is greedy. The vocabulary is never
 * sorted: the cut-off probability is found by bisection on its bit pattern. Tokens exactly as
 * likely as the cut-off are all kept.
 */
public final class Sampler {
  private static final int ONE_BITS = Float.floatToIntBits(1f);

  private Sampler() {}

  /**
   * How each row is sampled; every operand is [B].
   *
   * @param temperature at least 0; 0 takes the most likely token
   * @param topK number of tokens to choose from; 0 for all
   * @param topP least total probability to choose from, in (0, 1]; 1 for all
   * @param uniform the row's random number, in (0, 1)
   */
  public record Settings(
      Operand<TFloat32> temperature,
      Operand<TInt32> topK,
      Operand<TFloat32> topP,
      Operand<TFloat32> uniform) {}

  /**
   * A draw for each row.
   *
   * @param token_B the tokens
   * @param logp_B ln p of each token under softmax(logits / temperature), before top-k and top-p;
   *     at temperature 0 that of the plain softmax
   */
  public record Draw(Operand<TInt32> token_B, Operand<TFloat32> logp_B) {}

  /** Adds the uniform number of each row's key to settings. */
  public static Operand<TFloat32> uniform(
      Ops tf, Operand<TInt64> seed_B, Operand<TInt64> sequence_B, Operand<TInt64> position_B) {
    return CounterRandom.uniform(tf, seed_B, sequence_B, position_B);
  }

  /**
   * Samples.
   *
   * @param logits_BV the model's logits
   * @param truncates whether top-k and top-p may be in use; false leaves their nodes out
   */
  public static Draw draw(
      Ops tf, Operand<TFloat32> logits_BV, Settings settings, boolean truncates) {
    return draw(
        tf,
        logits_BV,
        settings,
        (mass_BV, total_B) ->
            truncates
                ? truncate(tf, shares(tf, mass_BV, total_B), settings.topK, settings.topP)
                : mass_BV);
  }

  /**
   * Samples rows that bring their own settings: the cut-offs are looked for if a row of the batch
   * asks for them, and what a row gets does not depend on that.
   *
   * @param logits_BV the model's logits
   * @param compiled whether the nodes go into a function that XLA compiles
   */
  static Draw drawAsAsked(
      Ops tf, Operand<TFloat32> logits_BV, Settings settings, boolean compiled) {
    var some_B =
        tf.math.logicalOr(
            tf.math.greater(settings.topK, tf.constant(0)),
            tf.math.less(settings.topP, tf.constant(1f)));
    var some = tf.reduceAny(some_B, tf.constant(0));
    return draw(
        tf,
        logits_BV,
        settings,
        (mass_BV, total_B) ->
            tf.ensureShape(
                Branch.of(
                    tf,
                    some,
                    List.of(shares(tf, mass_BV, total_B), settings.topK, settings.topP),
                    Sampler::truncated,
                    (ops, in) -> List.of(in.get(0)),
                    compiled),
                mass_BV.shape()));
  }

  @SuppressWarnings("unchecked") // the order of the inputs
  private static List<Operand<?>> truncated(Ops tf, List<Operand<?>> in) {
    return List.of(
        truncate(
            tf,
            (Operand<TFloat32>) in.get(0),
            (Operand<TInt32>) in.get(1),
            (Operand<TFloat32>) in.get(2)));
  }

  private static Operand<TFloat32> shares(
      Ops tf, Operand<TFloat32> mass_BV, Operand<TFloat32> total_B) {
    return tf.math.div(mass_BV, column(tf, total_B));
  }

  /** What of the masses is drawn from, in any scale. */
  @FunctionalInterface
  private interface Choice {
    Operand<TFloat32> of(Operand<TFloat32> mass_BV, Operand<TFloat32> total_B);
  }

  private static Draw draw(Ops tf, Operand<TFloat32> logits_BV, Settings settings, Choice choice) {
    var zero = tf.constant(0f);
    Operand<TBool> greedy_B = tf.math.lessEqual(settings.temperature, zero);
    var temperature_B =
        tf.select(greedy_B, tf.onesLike(settings.temperature), settings.temperature);
    var z_BV = tf.math.div(logits_BV, column(tf, temperature_B));
    Operand<TInt32> best_B = tf.math.argMax(z_BV, tf.constant(1), TInt32.class);
    Operand<TFloat32> highest_B = at(tf, z_BV, best_B);
    Operand<TFloat32> mass_BV = tf.math.exp(tf.math.sub(z_BV, column(tf, highest_B)));
    var all = Blocks.of(tf, mass_BV);
    Operand<TFloat32> total_B = tf.reduceSum(all.sum_BX, tf.constant(1));
    var chosen_BV = choice.of(mass_BV, total_B);
    var blocks = chosen_BV == mass_BV ? all : Blocks.of(tf, chosen_BV);
    var token_B = tf.select(greedy_B, best_B, blocks.draw(tf, settings.uniform, best_B));
    var shifted_B = tf.math.sub(at(tf, z_BV, token_B), highest_B);
    return new Draw(token_B, tf.math.sub(shifted_B, tf.math.log(total_B)));
  }

  /**
   * A vocabulary's masses in X blocks of K, of which a draw adds up the blocks and then one of
   * them: the cumulative sum over the whole vocabulary takes longer than a softmax.
   *
   * @param mass_BXK masses; 0 behind the last token
   * @param sum_BX the blocks' masses
   * @param size tokens in a block (K)
   */
  private record Blocks(Operand<TFloat32> mass_BXK, Operand<TFloat32> sum_BX, int size) {
    /** Our choice: about the square root of a vocabulary. */
    private static final int MOST = 512;

    private static final int LEAST = 64;

    static Blocks of(Ops tf, Operand<TFloat32> mass_BV) {
      int vocabulary = Math.toIntExact(mass_BV.shape().get(1));
      int size = size(vocabulary);
      int missing = Math.floorMod(-vocabulary, size);
      var whole_BV =
          missing == 0
              ? mass_BV
              : tf.pad(mass_BV, tf.constant(new int[][] {{0, 0}, {0, missing}}), tf.constant(0f));
      int blocks = (vocabulary + missing) / size;
      var mass_BXK = tf.reshape(whole_BV, tf.constant(new int[] {-1, blocks, size}));
      return new Blocks(mass_BXK, tf.reduceSum(mass_BXK, tf.constant(2)), size);
    }

    /** The largest divisor, where there is one of some size: then nothing is copied. */
    private static int size(int vocabulary) {
      for (int size = Math.min(MOST, vocabulary); size >= LEAST; size--) {
        if (vocabulary % size == 0) {
          return size;
        }
      }
      return Math.min(MOST, vocabulary);
    }

    /** The first token whose cumulative mass exceeds a share of the whole. */
    Operand<TInt32> draw(Ops tf, Operand<TFloat32> uniform_B, Operand<TInt32> best_B) {
      int blocks = Math.toIntExact(sum_BX.shape().get(1));
      Operand<TFloat32> upTo_BX = tf.math.cumsum(sum_BX, tf.constant(1));
      var mark_B = tf.math.mul(uniform_B, tf.reduceMax(upTo_BX, tf.constant(1)));
      var block_B = passed(tf, upTo_BX, mark_B);
      // Rounding can push the mark to the whole mass, of all or of a block; no token lies above it.
      var inside_B = tf.math.minimum(block_B, tf.constant(blocks - 1));
      var before_B = tf.math.sub(at(tf, upTo_BX, inside_B), at(tf, sum_BX, inside_B));
      Operand<TFloat32> mass_BK =
          tf.gather(mass_BXK, inside_B, tf.constant(1), Gather.batchDims(1L));
      var within_B =
          passed(
              tf,
              tf.math.cumsum(mass_BK, tf.constant(1)),
              tf.math.maximum(tf.math.sub(mark_B, before_B), tf.constant(0f)));
      var outside_B =
          tf.math.logicalOr(
              tf.math.greaterEqual(block_B, tf.constant(blocks)),
              tf.math.greaterEqual(within_B, tf.constant(size)));
      var token_B = tf.math.add(tf.math.mul(inside_B, tf.constant(size)), within_B);
      return tf.select(outside_B, best_B, token_B);
    }

    /** How many of a row's rising values are not above its mark. */
    private static Operand<TInt32> passed(
        Ops tf, Operand<TFloat32> rising_BX, Operand<TFloat32> mark_B) {
      var passed_BX = tf.math.lessEqual(rising_BX, column(tf, mark_B));
      return tf.reduceSum(tf.dtypes.cast(passed_BX, TInt32.class), tf.constant(1));
    }
  }

  /** A value of each row. */
  private static Operand<TFloat32> at(Ops tf, Operand<TFloat32> x_BX, Operand<TInt32> index_B) {
    return tf.gather(x_BX, index_B, tf.constant(1), Gather.batchDims(1L));
  }

  /** Probabilities with those under the top-k and top-p cut-offs set to 0. */
  private static Operand<TFloat32> truncate(
      Ops tf, Operand<TFloat32> p_BV, Operand<TInt32> topK_B, Operand<TFloat32> topP_B) {
    var vocabulary = tf.constant((float) p_BV.shape().get(1));
    var k_B = tf.dtypes.cast(topK_B, TFloat32.class);
    var all_B = tf.math.lessEqual(k_B, tf.constant(0f));
    var count_B = tf.select(all_B, tf.math.mul(tf.onesLike(k_B), vocabulary), k_B);
    var inK_BV = above(tf, p_BV, tf.onesLike(p_BV), count_B);
    var kept_BV = tf.math.mul(p_BV, inK_BV);
    var total_B = tf.reduceSum(kept_BV, tf.constant(1));
    var inP_BV = above(tf, kept_BV, kept_BV, tf.math.mul(topP_B, total_B));
    return tf.math.mul(kept_BV, inP_BV);
  }

  /**
   * 1 for the tokens of at least a row's cut-off probability: the largest cut-off at which the
   * summed {@code value} still reaches {@code goal}. Positive floats order like their bits, so 30
   * halvings end exactly.
   */
  private static Operand<TFloat32> above(
      Ops tf, Operand<TFloat32> p_BV, Operand<TFloat32> value_BV, Operand<TFloat32> goal_B) {
    Operand<TInt32> low_B = tf.dtypes.cast(tf.zerosLike(goal_B), TInt32.class);
    Operand<TInt32> high_B = tf.math.add(low_B, tf.constant(ONE_BITS + 1));
    for (int i = 0; i < 30; i++) {
      var middle_B = tf.math.div(tf.math.add(low_B, high_B), tf.constant(2));
      var inside_BV = atLeast(tf, p_BV, middle_B);
      var sum_B = tf.reduceSum(tf.math.mul(value_BV, inside_BV), tf.constant(1));
      var enough_B = tf.math.greaterEqual(sum_B, goal_B);
      low_B = tf.select(enough_B, middle_B, low_B);
      high_B = tf.select(enough_B, high_B, middle_B);
    }
    return atLeast(tf, p_BV, low_B);
  }

  private static Operand<TFloat32> atLeast(Ops tf, Operand<TFloat32> p_BV, Operand<TInt32> bits_B) {
    Operand<TFloat32> cut_B = tf.bitcast(bits_B, TFloat32.class);
    return tf.dtypes.cast(tf.math.greaterEqual(p_BV, column(tf, cut_B)), TFloat32.class);
  }

  private static Operand<TFloat32> column(Ops tf, Operand<TFloat32> x_B) {
    return tf.expandDims(x_B, tf.constant(1));
  }
}
