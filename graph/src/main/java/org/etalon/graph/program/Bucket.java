package org.etalon.graph.program;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.graph.model.Attend;
import org.etalon.graph.model.Documents;
import org.etalon.graph.model.Tape;
import org.etalon.graph.model.Transformer;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * The placeholders of one static batch shape. Shapes are few: each is built once and kept.
 *
 * @param rows B
 * @param length T
 */
record Bucket(
    int rows,
    int length,
    Placeholder<TInt32> ids_BT,
    Placeholder<TInt32> positions_BT,
    Placeholder<TInt32> segments_BT,
    Placeholder<TInt32> prefixes_BT,
    Placeholder<TInt32> targets_M,
    Placeholder<TFloat32> temperature) {

  static Bucket of(Ops tf, int rows, int length) {
    return new Bucket(
        rows,
        length,
        placeholder(tf, TInt32.class, rows, length),
        placeholder(tf, TInt32.class, rows, length),
        placeholder(tf, TInt32.class, rows, length),
        placeholder(tf, TInt32.class, rows, length),
        placeholder(tf, TInt32.class, (long) rows * length),
        placeholder(tf, TFloat32.class));
  }

  static <T extends TType> Placeholder<T> placeholder(Ops tf, Class<T> type, long... shape) {
    return tf.placeholder(type, Placeholder.shape(Shape.of(shape)));
  }

  /** This bucket's inputs, in the order {@link Inputs#of} reads them. */
  List<Operand<?>> operands() {
    return List.of(ids_BT, positions_BT, segments_BT, prefixes_BT, targets_M, temperature);
  }

  /** The inputs inside a graph function. */
  record Inputs(
      Operand<TInt32> ids_BT,
      Operand<TInt32> positions_BT,
      Operand<TInt32> segments_BT,
      Operand<TInt32> prefixes_BT,
      Operand<TInt32> targets_M,
      Operand<TFloat32> temperature) {
    /** How many there are. */
    static final int SIZE = 6;

    @SuppressWarnings("unchecked") // the operands are the placeholders above, in their order
    static Inputs of(List<Operand<?>> operands) {
      return new Inputs(
          (Operand<TInt32>) operands.get(0),
          (Operand<TInt32>) operands.get(1),
          (Operand<TInt32>) operands.get(2),
          (Operand<TInt32>) operands.get(3),
          (Operand<TInt32>) operands.get(4),
          (Operand<TFloat32>) operands.get(5));
    }

    /** What the positions belong to. */
    Documents documents(BatchForm form) {
      return new Documents(
          segments_BT, form.prefixes() ? Optional.of(prefixes_BT) : Optional.empty());
    }

    /** Final states as one row per position, [M, D], in the type of products. */
    Operand<?> hidden(Ops tf, Tape tape, Transformer model, Attend attend) {
      var h_BTD = model.apply(tf, tape, ids_BT, positions_BT, attend);
      var shape = tf.constant(new int[] {-1, model.config().hidden()});
      var before = tf.constant(h_BTD.shape());
      return tape.segment(
              tf,
              List.of(h_BTD),
              (ops, in) -> List.of(ops.reshape(in.get(0), shape)),
              (ops, in, out, d) -> List.of(ops.reshape(d.get(0), before)))
          .get(0);
    }
  }

  Map<Operand<?>, Tensor> feeds(TokenBatch batch, double samplingTemperature) {
    if (batch.rows() != rows || batch.length() != length) {
      throw new IllegalArgumentException(
          "this step takes batches of %d × %d, got %d × %d"
              .formatted(rows, length, batch.rows(), batch.length()));
    }
    Map<Operand<?>, Tensor> feeds = new HashMap<>();
    feeds.put(ids_BT, Tensors.of(batch.ids(), rows, length));
    feeds.put(positions_BT, Tensors.of(batch.positions(), rows, length));
    feeds.put(segments_BT, Tensors.of(batch.segments(), rows, length));
    feeds.put(prefixes_BT, Tensors.of(batch.prefixes(), rows, length));
    feeds.put(targets_M, Tensors.of(batch.targets(), (long) rows * length));
    feeds.put(temperature, Tensors.scalar(samplingTemperature));
    return feeds;
  }
}
