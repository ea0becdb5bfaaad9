package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.RowWrite;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.DestroyResourceOp;
import org.tensorflow.op.core.Empty;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Keys and values of every slot, in one resource variable a layer and kind, in the type of
 * products. A variable holds S·K·C rows of H in (slot, head, position) order, and C is no more than
 * the slots need at the moment: attention reads whole variables, so that short sequences do not pay
 * for long ones.
 */
final class Caches {
  private final Program program;
  private final Class<? extends TFloating> type;
  private final int heads;
  private final List<Operand<?>> handles = new ArrayList<>();
  private final Placeholder<TInt32> from;
  private final Placeholder<TInt32> to;
  private final List<Op> allocate = new ArrayList<>();
  private final List<Op> resize = new ArrayList<>();
  private final List<Op> release = new ArrayList<>();
  private int length;

  /** Caches that hold nothing yet. */
  Caches(Program program, int slots) {
    this.program = program;
    this.type = program.productType();
    ModelConfig c = program.config();
    this.heads = slots * c.kvHeads();
    Ops tf = program.ops().withSubScope("cache");
    this.from = Bucket.placeholder(tf, TInt32.class);
    this.to = Bucket.placeholder(tf, TInt32.class);
    for (int i = 0; i < 2 * c.layers(); i++) {
      add(tf, i, c.headDim());
    }
  }

  private void add(Ops tf, int index, int headDim) {
    Shape shape = Shape.of(Shape.UNKNOWN_SIZE, headDim);
    String name = tf.scope().makeOpName("cache" + index);
    Operand<?> handle = tf.varHandleOp(type, shape, VarHandleOp.sharedName(name));
    handles.add(handle);
    var rows = tf.math.mul(to, tf.constant(heads));
    // Zeros from a constant would be one buffer for all caches, and updates are in place.
    allocate.add(
        tf.assignVariableOp(
            handle,
            tf.empty(tf.stack(List.of(rows, tf.constant(headDim))), type, Empty.init(true))));
    resize.add(tf.assignVariableOp(handle, resized(tf, tf.readVariableOp(handle, type), headDim)));
    release.add(tf.destroyResourceOp(handle, DestroyResourceOp.ignoreLookupError(true)));
  }

  /** The first positions of each head, as many as there are and as there is room for. */
  private <T extends TFloating> Operand<T> resized(Ops tf, Operand<T> x_rH, int headDim) {
    var all = tf.constant(heads);
    var size = tf.constant(headDim);
    var zero = tf.constant(0);
    var kept = tf.math.minimum(from, to);
    var x_XCH = tf.reshape(x_rH, tf.stack(List.of(all, from, size)));
    var kept_XCH =
        tf.slice(x_XCH, tf.constant(new int[] {0, 0, 0}), tf.stack(List.of(all, kept, size)));
    var none = tf.constant(new int[] {0, 0});
    var more = tf.stack(List.of(zero, tf.math.sub(to, kept)));
    var padded_XCH =
        tf.pad(
            kept_XCH,
            tf.stack(List.of(none, more, none)),
            Cast.to(tf, tf.constant(0f), x_rH.type()));
    return tf.reshape(padded_XCH, tf.stack(List.of(tf.constant(-1), size)));
  }

  /** Positions per slot at the moment; 0: nothing is held. */
  int length() {
    return length;
  }

  /** Makes room for {@code positions} per slot; what is there stays as far as it fits. */
  void resize(int positions) {
    if (positions == length) {
      return;
    }
    Map<Operand<?>, Tensor> feeds = new HashMap<>();
    feeds.put(to, TInt32.scalarOf(positions));
    if (length > 0) {
      feeds.put(from, TInt32.scalarOf(length));
    }
    program.run(feeds, List.of(), length > 0 ? resize : allocate, result -> null);
    length = positions;
  }

  /** Gives the memory back; what was there is lost. */
  void release() {
    if (length > 0) {
      program.run(Map.of(), List.of(), release, result -> null);
      length = 0;
    }
  }

  /**
   * What a function over the caches gives.
   *
   * @param outputs its results before the caches
   * @param writes what has to run so that the caches are those that it has made
   */
  record Call(List<Operand<?>> outputs, List<Op> writes) {}

  /**
   * Adds a function to the graph.
   *
   * @param lowering how it becomes nodes
   * @param own its first operands; the caches, keys of every layer, then values, come behind them
   * @param weights its last operands
   * @param positions per slot, that the caches hold when it runs
   * @param body gives results, then the caches as they are afterwards
   */
  Call call(
      Ops tf,
      Lowering lowering,
      String name,
      List<Operand<?>> own,
      List<Operand<?>> weights,
      int positions,
      Lowering.Body body) {
    Shape shape = Shape.of((long) heads * positions, program.config().headDim());
    List<Operand<?>> in = new ArrayList<>(own);
    for (Operand<?> handle : handles) {
      in.add(tf.ensureShape(tf.readVariableOp(handle, type), shape));
    }
    in.addAll(weights);
    List<Operand<?>> out = lowering.call(tf, name, in, body);
    int results = out.size() - handles.size();
    return new Call(
        out.subList(0, results), writes(tf, lowering, out.subList(results, out.size())));
  }

  private List<Op> writes(Ops tf, Lowering lowering, List<Operand<?>> updated) {
    List<Op> writes = new ArrayList<>();
    for (int i = 0; i < handles.size(); i++) {
      // An in-place update has already changed the variable's buffer; it only has to run.
      writes.add(
          lowering.rowWrite() == RowWrite.IN_PLACE
              ? updated.get(i)
              : tf.assignVariableOp(handles.get(i), updated.get(i)));
    }
    return writes;
  }
}
