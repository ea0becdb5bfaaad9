package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Values in another floating type; no node where the type is the wanted one already. */
public final class Cast {
  private Cast() {}

  /** {@code x} in {@code type}. */
  @SuppressWarnings("unchecked") // checked, and what is cast is floating
  public static <T extends TFloating> Operand<T> to(Ops tf, Operand<?> x, Class<T> type) {
    return x.type() == type ? (Operand<T>) x : tf.dtypes.cast(floating(x), type);
  }

  /** {@code x} in float32. */
  public static Operand<TFloat32> float32(Ops tf, Operand<?> x) {
    return to(tf, x, TFloat32.class);
  }

  /**
   * {@code x} in {@code type}, taken from what was widened to it if that is of the type: for graphs
   * without gradients, which would go past {@code x}.
   */
  @SuppressWarnings("unchecked") // checked
  public static <T extends TFloating> Operand<T> narrow(Ops tf, Operand<?> x, Class<T> type) {
    boolean isWidened = x.type() == TFloat32.class && x.op().type().equals("Cast");
    if (isWidened && x.op() instanceof GraphOperation cast && cast.input(0).type() == type) {
      return (Operand<T>) cast.input(0);
    }
    return to(tf, x, type);
  }

  /** The same operand, which is known to be of some floating type. */
  @SuppressWarnings("unchecked") // the caller knows
  public static Operand<TFloating> floating(Operand<?> x) {
    return (Operand<TFloating>) x;
  }

  /** The same operands, which are known to be float32. */
  @SuppressWarnings("unchecked") // the caller knows
  public static List<Operand<TFloat32>> floats(List<? extends Operand<?>> values) {
    List<Operand<TFloat32>> floats = new ArrayList<>();
    values.forEach(value -> floats.add((Operand<TFloat32>) value));
    return floats;
  }
}
