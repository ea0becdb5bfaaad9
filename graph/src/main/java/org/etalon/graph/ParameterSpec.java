package org.etalon.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/**
 * Name, shape and role of one parameter.
 *
 * @param name Hugging Face's tensor name
 * @param kind its role, which decides initialisation and weight decay
 * @param dims its shape; matrices are [out, in]
 */
public record ParameterSpec(String name, Kind kind, List<Long> dims) {
  /** What a parameter is for. */
  public enum Kind {
    EMBEDDING,
    MATRIX,
    /** A matrix whose output is added to the residual stream. */
    RESIDUAL_MATRIX,
    BIAS,
    NORM;

    /**
     * Whether decoupled weight decay applies. Our choice: matrices only, as GPT-style recipes do.
     */
    public boolean decays() {
      return this == EMBEDDING || this == MATRIX || this == RESIDUAL_MATRIX;
    }
  }

  public ParameterSpec {
    dims = List.copyOf(dims);
  }

  static ParameterSpec of(String name, Kind kind, int[] dims) {
    return new ParameterSpec(
        name, kind, Arrays.stream(dims).asLongStream().boxed().collect(Collectors.toList()));
  }

  public static ParameterSpec of(String name, Kind kind, int size) {
    return of(name, kind, new int[] {size});
  }

  public static ParameterSpec of(String name, Kind kind, int out, int in) {
    return of(name, kind, new int[] {out, in});
  }

  /** Number of elements. */
  public long size() {
    return dims.stream().reduce(1L, (a, b) -> a * b);
  }

  public Shape shape() {
    return Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
  }
}
