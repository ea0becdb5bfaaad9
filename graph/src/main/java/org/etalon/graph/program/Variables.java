package org.etalon.graph.program;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ParameterSpec;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * A named set of float32 resource variables of one graph: the weights, their gradients, or the
 * optimizer's moments.
 */
public final class Variables {
  private final Map<String, Variable> byName = new LinkedHashMap<>();

  /** One variable's nodes. */
  record Variable(
      ParameterSpec spec,
      Operand<?> handle,
      Operand<TFloat32> value,
      Placeholder<TFloat32> feed,
      Op assign) {}

  /**
   * Declares variables shaped like {@code specs}.
   *
   * @param prefix put before each name in the graph, so that several sets can share the names
   */
  Variables(Ops tf, String prefix, List<ParameterSpec> specs) {
    for (ParameterSpec spec : specs) {
      // Names, not scopes: a scope for each parameter costs a walk through the whole graph.
      String name = prefix + "." + spec.name();
      Operand<?> handle =
          tf.withName(name)
              .varHandleOp(
                  TFloat32.class, spec.shape(), VarHandleOp.sharedName(prefix + "/" + spec.name()));
      Placeholder<TFloat32> feed =
          tf.withName(name + ".feed").placeholder(TFloat32.class, Placeholder.shape(spec.shape()));
      byName.put(
          spec.name(),
          new Variable(
              spec,
              handle,
              tf.withName(name + ".read").readVariableOp(handle, TFloat32.class),
              feed,
              tf.withName(name + ".assign").assignVariableOp(handle, feed)));
    }
  }

  /** Every variable, in declaration order. */
  List<Variable> all() {
    return List.copyOf(byName.values());
  }

  /** A node that reads a variable anew. */
  Operand<TFloat32> read(Ops tf, String name) {
    return tf.readVariableOp(variable(name).handle, TFloat32.class);
  }

  Variable variable(String name) {
    Variable variable = byName.get(name);
    if (variable == null) {
      throw new IllegalArgumentException("no variable is called " + name);
    }
    return variable;
  }
}
