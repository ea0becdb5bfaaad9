package org.etalon.graph.model;

import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Where a model takes its parameters from, by Hugging Face name. */
public interface Parameters {
  /** A norm's weight or a bias. */
  Operand<TFloat32> vector(String name);

  /** A matrix that products are taken with. */
  Matrix matrix(String name);

  /** Matrices that multiply the same rows. */
  Fan fan(List<String> names);

  /** The embedding, of which rows are taken. */
  Matrix embedding(String name);

  /** Operands as they are. */
  static Parameters of(Function<String, ? extends Operand<?>> parameter) {
    return new Named(parameter, null);
  }

  /**
   * Rounded copies.
   *
   * @param exactEmbedding_VD the embedding in float32: rows are taken from it and rounded then, so
   *     that their gradients add up in float32
   */
  static Parameters ofRounded(
      Function<String, ? extends Operand<?>> parameter, Operand<?> exactEmbedding_VD) {
    return new Named(parameter, exactEmbedding_VD);
  }

  /**
   * Parameters that are operands of their own.
   *
   * @param exactEmbedding_VD null: the embedding is a parameter like the others
   */
  record Named(Function<String, ? extends Operand<?>> parameter, Operand<?> exactEmbedding_VD)
      implements Parameters {
    @Override
    @SuppressWarnings("unchecked") // norms and biases are float32
    public Operand<TFloat32> vector(String name) {
      return (Operand<TFloat32>) parameter.apply(name);
    }

    @Override
    public Matrix matrix(String name) {
      return Matrix.of(parameter.apply(name));
    }

    @Override
    public Fan fan(List<String> names) {
      return Fan.apart(names.stream().map(this::matrix).toList());
    }

    @Override
    public Matrix embedding(String name) {
      return exactEmbedding_VD == null ? matrix(name) : Matrix.ofRoundedRows(exactEmbedding_VD);
    }
  }
}
