package org.etalon.savedmodels.export;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * What a signature takes and gives.
 *
 * @param method name of the call that serves it
 * @param inputs by key
 * @param outputs by key
 */
record SignatureFacts(String method, Map<String, Value> inputs, Map<String, Value> outputs) {
  SignatureFacts {
    inputs = ImmutableMap.copyOf(inputs);
    outputs = ImmutableMap.copyOf(outputs);
  }

  /**
   * A tensor.
   *
   * @param dtype TensorFlow's name of its type
   * @param shape sizes, −1 where a request chooses
   */
  record Value(String dtype, List<Long> shape) {
    Value {
      shape = List.copyOf(shape);
    }

    private static Value of(TensorInfo info) {
      return new Value(
          info.getDtype().name(),
          info.getTensorShape().getDimList().stream().map(TensorShapeProto.Dim::getSize).toList());
    }

    @Override
    public String toString() {
      return dtype + " " + shape;
    }
  }

  static SignatureFacts of(SignatureDef signature) {
    return new SignatureFacts(
        signature.getMethodName(),
        values(signature.getInputsMap()),
        values(signature.getOutputsMap()));
  }

  /** The signatures of a graph by name. */
  static Map<String, SignatureFacts> of(MetaGraphDef meta) {
    Map<String, SignatureFacts> facts = new TreeMap<>();
    meta.getSignatureDefMap().forEach((name, signature) -> facts.put(name, of(signature)));
    return facts;
  }

  private static Map<String, Value> values(Map<String, TensorInfo> infos) {
    Map<String, Value> values = new TreeMap<>();
    infos.forEach((key, info) -> values.put(key, Value.of(info)));
    return values;
  }
}
