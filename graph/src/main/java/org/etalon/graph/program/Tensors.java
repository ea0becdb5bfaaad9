package org.etalon.graph.program;

import org.etalon.graph.WeightType;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.ndarray.buffer.ShortDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** Arrays to tensors and back; every array is row-major. */
final class Tensors {
  private Tensors() {}

  static TInt32 of(int[] values, long... shape) {
    return TInt32.tensorOf(Shape.of(shape), DataBuffers.of(values, false, false));
  }

  static TInt64 of(long[] values, long... shape) {
    return TInt64.tensorOf(Shape.of(shape), DataBuffers.of(values, false, false));
  }

  static TFloat32 of(float[] values, long... shape) {
    return TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(values, false, false));
  }

  static TFloat32 scalar(double value) {
    return TFloat32.scalarOf((float) value);
  }

  /** Writes float32 values into a tensor of float32 or bfloat16. */
  @FunctionalInterface
  interface Writer {
    /** Writes the first {@code count} values to the places from {@code from}, row-major. */
    void write(long from, float[] values, int count);
  }

  static Writer writer(Tensor tensor) {
    if (tensor instanceof TFloat32) {
      FloatDataBuffer data = tensor.asRawTensor().data().asFloats();
      return (from, values, count) -> data.offset(from).write(values, 0, count);
    }
    ShortDataBuffer data = tensor.asRawTensor().data().asShorts();
    return (from, values, count) -> {
      short[] rounded = new short[count];
      for (int i = 0; i < count; i++) {
        rounded[i] = WeightType.bfloat16(values[i]);
      }
      data.offset(from).write(rounded, 0, count);
    };
  }

  static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  static int[] ints(Tensor tensor) {
    int[] values = new int[Math.toIntExact(tensor.shape().size())];
    tensor.asRawTensor().data().asInts().read(values);
    return values;
  }
}
