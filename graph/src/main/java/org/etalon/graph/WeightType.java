package org.etalon.graph;

import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * How a model's matrices are held; norms and biases are always float32.
 *
 * <p>bfloat16 halves the memory and on CPUs with AVX-512 makes products several times faster.
 * Products then round their inputs and results to 8 significant bits, as PyTorch does with a
 * bfloat16 model, so it is for using a model; training wants float32.
 */
public enum WeightType {
  FLOAT32,
  BFLOAT16;

  /** The TensorFlow type of a parameter. */
  public Class<? extends TFloating> of(ParameterSpec spec) {
    return this == BFLOAT16 && spec.dims().size() == 2 ? TBfloat16.class : TFloat32.class;
  }

  /** The upper half of a float's bits, rounded to the nearest, ties to even; NaN stays NaN. */
  public static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }
}
