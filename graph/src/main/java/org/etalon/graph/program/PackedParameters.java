package org.etalon.graph.program;

import java.util.List;
import java.util.function.Function;
import org.etalon.graph.model.Fan;
import org.etalon.graph.model.Matrix;
import org.etalon.graph.model.Parameters;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A model's parameters in the groups of a packing.
 *
 * @param operands one for each group; behind them, if the groups are rounded, the exact embedding
 * @param matrix makes a matrix of an operand
 */
record PackedParameters(
    Packing packing, List<Operand<?>> operands, Function<Operand<?>, Matrix> matrix)
    implements Parameters {
  private Operand<?> operand(String name) {
    return operands.get(packing.indexOf(name));
  }

  @Override
  @SuppressWarnings("unchecked") // norms and biases are float32
  public Operand<TFloat32> vector(String name) {
    return (Operand<TFloat32>) operand(name);
  }

  @Override
  public Matrix matrix(String name) {
    return matrix.apply(operand(name));
  }

  @Override
  public Fan fan(List<String> names) {
    var group = packing.groups().get(packing.indexOf(names.get(0)));
    return group.size() == names.size()
        ? Fan.joined(matrix(names.get(0)), group.stream().map(Packing::outputs).toList())
        : Fan.apart(names.stream().map(this::matrix).toList());
  }

  @Override
  public Matrix embedding(String name) {
    int groups = packing.groups().size();
    return operands.size() > groups
        ? Matrix.ofRoundedRows(operands.get(groups))
        : Matrix.of(operand(name));
  }
}
