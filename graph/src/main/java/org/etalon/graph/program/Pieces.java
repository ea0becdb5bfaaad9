package org.etalon.graph.program;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.model.Fusion;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;

/** The compiled pieces of one graph: equal ones, as every layer has them, are compiled once. */
final class Pieces implements Fusion {
  private final Map<String, Compiled> compiled = new HashMap<>();

  @Override
  public List<Operand<?>> call(Ops tf, String name, List<Operand<?>> inputs, Body body) {
    StringBuilder key = new StringBuilder(name);
    for (Operand<?> input : inputs) {
      key.append(' ').append(input.type().getSimpleName()).append(input.shape());
    }
    Compiled piece = compiled.get(key.toString());
    if (piece == null) {
      String valid = name.replaceAll("[^A-Za-z0-9_]+", "_");
      piece = Compiled.define(tf, valid, inputs, (ops, in) -> List.copyOf(body.build(ops, in)));
      compiled.put(key.toString(), piece);
    }
    return piece.call(tf, inputs);
  }
}
