package org.etalon.savedmodels.wire;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Arrays from and to TensorProto. Values come packed in {@code tensor_content} (little-endian) or
 * in the field of their type, where the last of fewer values than elements fills the rest, as
 * TensorFlow reads them.
 */
final class TensorCodec {
  private TensorCodec() {}

  /**
   * A tensor's shape, its type and rank checked.
   *
   * @param most largest number of elements
   */
  static int[] shape(String key, TensorProto tensor, DataType type, int rank, long most) {
    if (tensor.getDtype() != type) {
      throw WireException.of(
          "input \"%s\": expected %s, got %s; send the type of the signature",
          key, type, tensor.getDtype());
    }
    TensorShapeProto proto = tensor.getTensorShape();
    if (proto.getUnknownRank() || proto.getDimCount() != rank) {
      throw WireException.of(
          "input \"%s\": expected %d dimensions, got %s; send the shape of the signature",
          key, rank, proto.getUnknownRank() ? "an unknown rank" : proto.getDimCount());
    }
    int[] shape = new int[rank];
    long elements = 1;
    for (int i = 0; i < rank; i++) {
      long size = proto.getDim(i).getSize();
      if (size < 0 || size > most || (elements *= size) > most) {
        throw WireException.of(
            "input \"%s\": expected at most %d elements, got the dimensions %s; send less at once",
            key, most, proto.getDimList().stream().map(TensorShapeProto.Dim::getSize).toList());
      }
      shape[i] = (int) size;
    }
    return shape;
  }

  static int[] ints(String key, TensorProto tensor, int elements) {
    int[] values = new int[elements];
    if (!tensor.getTensorContent().isEmpty()) {
      content(key, tensor, elements, Integer.BYTES).asIntBuffer().get(values);
      return values;
    }
    List<Integer> given = tensor.getIntValList();
    check(key, given.size(), elements);
    for (int i = 0; i < elements && !given.isEmpty(); i++) {
      values[i] = given.get(Math.min(i, given.size() - 1));
    }
    return values;
  }

  static long[] longs(String key, TensorProto tensor, int elements) {
    long[] values = new long[elements];
    if (!tensor.getTensorContent().isEmpty()) {
      content(key, tensor, elements, Long.BYTES).asLongBuffer().get(values);
      return values;
    }
    List<Long> given = tensor.getInt64ValList();
    check(key, given.size(), elements);
    for (int i = 0; i < elements && !given.isEmpty(); i++) {
      values[i] = given.get(Math.min(i, given.size() - 1));
    }
    return values;
  }

  static float[] floats(String key, TensorProto tensor, int elements) {
    float[] values = new float[elements];
    if (!tensor.getTensorContent().isEmpty()) {
      content(key, tensor, elements, Float.BYTES).asFloatBuffer().get(values);
      return values;
    }
    List<Float> given = tensor.getFloatValList();
    check(key, given.size(), elements);
    for (int i = 0; i < elements && !given.isEmpty(); i++) {
      values[i] = given.get(Math.min(i, given.size() - 1));
    }
    return values;
  }

  private static void check(String key, int given, int elements) {
    if (given > elements) {
      throw WireException.of(
          "input \"%s\": expected %d values for its shape, got %d; correct one of them",
          key, elements, given);
    }
  }

  private static ByteBuffer content(String key, TensorProto tensor, int elements, int bytes) {
    ByteString content = tensor.getTensorContent();
    if (content.size() != (long) elements * bytes) {
      throw WireException.of(
          "input \"%s\": expected %d bytes of content for its shape, got %d; correct one of them",
          key, (long) elements * bytes, content.size());
    }
    return content.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  static TensorProto of(int[] values, int... shape) {
    ByteBuffer content = buffer(values.length * Integer.BYTES);
    content.asIntBuffer().put(values);
    return proto(DataType.DT_INT32, content, shape);
  }

  static TensorProto of(long[] values, int... shape) {
    ByteBuffer content = buffer(values.length * Long.BYTES);
    content.asLongBuffer().put(values);
    return proto(DataType.DT_INT64, content, shape);
  }

  static TensorProto of(float[] values, int... shape) {
    ByteBuffer content = buffer(values.length * Float.BYTES);
    content.asFloatBuffer().put(values);
    return proto(DataType.DT_FLOAT, content, shape);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static TensorProto proto(DataType type, ByteBuffer content, int[] shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (int size : shape) {
      dims.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorProto.newBuilder()
        .setDtype(type)
        .setTensorShape(dims)
        .setTensorContent(ByteString.copyFrom(content))
        .build();
  }
}
