package org.etalon.graph.program;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.WeightType;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * A named set of resource variables of one graph: the weights, their gradients, or the optimizer's
 * moments.
 */
public final class Variables {
  private final Map<String, Variable> byName = new LinkedHashMap<>();

  /** One variable's nodes. */
  record Variable(
      ParameterSpec spec,
      Class<? extends TFloating> type,
      Operand<?> handle,
      Operand<TFloat32> value,
      Placeholder<? extends TFloating> feed,
      Op assign) {}

  /**
   * Declares variables shaped like {@code specs}.
   *
   * @param prefix put before each name in the graph, so that several sets can share the names
   * @param weightType type of matrices
   */
  Variables(Ops tf, String prefix, List<ParameterSpec> specs, WeightType weightType) {
    for (ParameterSpec spec : specs) {
      // Names, not scopes: a scope for each parameter costs a walk through the whole graph.
      String name = prefix + "." + spec.name();
      Class<? extends TFloating> type = weightType.of(spec);
      Operand<?> handle =
          tf.withName(name)
              .varHandleOp(type, spec.shape(), VarHandleOp.sharedName(prefix + "/" + spec.name()));
      Placeholder<? extends TFloating> feed =
          tf.withName(name + ".feed").placeholder(type, Placeholder.shape(spec.shape()));
      byName.put(
          spec.name(),
          new Variable(
              spec,
              type,
              handle,
              value(tf.withName(name + ".read"), tf, handle, type),
              feed,
              tf.withName(name + ".assign").assignVariableOp(handle, feed)));
    }
  }

  /** Every variable, in declaration order. */
  List<Variable> all() {
    return List.copyOf(byName.values());
  }

  private static Operand<TFloat32> value(
      Ops named, Ops tf, Operand<?> handle, Class<? extends TFloating> type) {
    return type == TFloat32.class
        ? named.readVariableOp(handle, TFloat32.class)
        : tf.dtypes.cast(named.readVariableOp(handle, type), TFloat32.class);
  }

  Variable variable(String name) {
    Variable variable = byName.get(name);
    if (variable == null) {
      throw new IllegalArgumentException("no variable is called " + name);
    }
    return variable;
  }
}
