package org.etalon.graph.program;

import java.util.List;
import org.etalon.graph.decode.CachedAttend;
import org.etalon.graph.model.Transformer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** How a loop of decoding steps holds weights and caches, and computes with them. */
sealed interface StepForm permits SlotStep, RowStep {
  /** The form for a number of slots: one row on a CPU is compiled as a whole unless XLA is off. */
  static StepForm of(Program program, int slots, int positions) {
    boolean isRow =
        slots == 1 && program.lowering() != Lowering.INLINE && !program.device().isGpu();
    return isRow ? new RowStep(program, positions) : new SlotStep(program, positions);
  }

  /** What the lengths of caches and prompts are a multiple of, positions. */
  int chunk();

  /** How the loop becomes nodes. */
  Lowering lowering();

  /** The program's weights as the run is given them. */
  default List<Operand<?>> reads(Ops tf) {
    return program().packedReads(tf).orElseGet(() -> program().reads(tf));
  }

  /** What is decoded with. */
  Program program();

  /** What the loop reads, from what the run is given. */
  List<Operand<?>> weights(Ops tf, List<Operand<?>> weights);

  /** Caches as the loop holds them, from [S·K·C, H] each. */
  List<Operand<?>> held(Ops tf, List<Operand<?>> caches);

  /** The loop's caches as they are stored, [S·K·C, H] each in the type of products. */
  List<Operand<?>> stored(Ops tf, List<Operand<?>> caches);

  /** A prompt's keys as the rows of a cache that they are stored in, [S·K·T, H]. */
  default <T extends TFloating> Operand<T> keys(Ops tf, Operand<T> x_SKTH) {
    return tf.reshape(x_SKTH, tf.constant(new int[] {-1, program().config().headDim()}));
  }

  /** A prompt's values as the rows of a cache that they are stored in, [S·K·T, H]. */
  default <T extends TFloating> Operand<T> values(Ops tf, Operand<T> x_SKTH) {
    return keys(tf, x_SKTH);
  }

  /**
   * The model of one step.
   *
   * @param weights what {@link #weights} gave
   * @param atLeastOne a scalar of 1 or more, of which XLA knows nothing
   */
  Transformer model(Ops tf, List<Operand<?>> weights, Operand<TInt32> atLeastOne);

  /** A step's attention over caches as {@link #held} gave them. */
  CachedAttend attend(List<Operand<?>> keys, List<Operand<?>> values, Operand<TInt32> position_S);
}
