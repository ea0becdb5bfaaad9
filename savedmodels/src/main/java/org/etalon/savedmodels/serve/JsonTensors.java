package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * TensorFlow Serving's JSON of tensors: by columns, {@code inputs} and {@code outputs}, or by rows,
 * {@code instances} and {@code predictions}. A single output stands without its name.
 */
final class JsonTensors {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonTensors() {}

  /**
   * The tensors of a request's {@code inputs} or {@code instances}.
   *
   * @throws ServingException naming what is missing, ragged or of another type
   */
  static Map<String, TensorProto> inputs(JsonNode body, SignatureDef signature) {
    JsonNode instances = body.path("instances");
    JsonNode inputs = body.path("inputs");
    if (instances.isMissingNode() == inputs.isMissingNode()) {
      throw ServingException.invalid(
          "expected either \"instances\" or \"inputs\" in the body; give one of them");
    }
    Map<String, TensorProto> tensors = new TreeMap<>();
    columns(instances.isMissingNode() ? inputs : instances, inputs.isMissingNode(), signature)
        .forEach((key, value) -> tensors.put(key, tensor(key, value, signature)));
    return tensors;
  }

  private static Map<String, JsonNode> columns(
      JsonNode given, boolean byRow, SignatureDef signature) {
    Map<String, JsonNode> columns = new TreeMap<>();
    if (!byRow) {
      if (!given.isObject()) {
        throw ServingException.invalid("expected \"inputs\" to be an object of tensors");
      }
      given.properties().forEach(entry -> columns.put(entry.getKey(), entry.getValue()));
      return columns;
    }
    if (!given.isArray() || given.isEmpty()) {
      throw ServingException.invalid("expected \"instances\" to be a list of at least one row");
    }
    signature.getInputsMap().keySet().forEach(key -> columns.put(key, NODES.arrayNode()));
    for (JsonNode row : given) {
      if (!row.isObject() || row.size() != columns.size()) {
        throw ServingException.invalid(
            "expected each instance to be an object of %s", columns.keySet());
      }
      columns.forEach(
          (key, column) -> {
            if (!row.has(key)) {
              throw ServingException.invalid("expected a \"%s\" in each instance", key);
            }
            ((ArrayNode) column).add(row.get(key));
          });
    }
    return columns;
  }

  private static TensorProto tensor(String key, JsonNode value, SignatureDef signature) {
    TensorInfo info = signature.getInputsOrDefault(key, null);
    if (info == null) {
      throw ServingException.invalid(
          "expected the inputs %s, got \"%s\"; send exactly those of the signature",
          signature.getInputsMap().keySet(), key);
    }
    TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(info.getDtype());
    List<Integer> shape = new ArrayList<>();
    for (JsonNode node = value; node.isArray(); node = node.path(0)) {
      shape.add(node.size());
    }
    shape.forEach(
        size ->
            tensor.getTensorShapeBuilder().addDim(TensorShapeProto.Dim.newBuilder().setSize(size)));
    fill(key, value, shape, 0, tensor);
    return tensor.build();
  }

  private static void fill(
      String key, JsonNode node, List<Integer> shape, int depth, TensorProto.Builder tensor) {
    if (depth == shape.size()) {
      add(key, node, tensor);
      return;
    }
    if (!node.isArray() || node.size() != shape.get(depth)) {
      throw ServingException.invalid(
          "input \"%s\": expected lists of equal lengths; fill short rows with any token id and"
              + " give their lengths",
          key);
    }
    for (JsonNode child : node) {
      fill(key, child, shape, depth + 1, tensor);
    }
  }

  private static void add(String key, JsonNode node, TensorProto.Builder tensor) {
    switch (tensor.getDtype()) {
      case DT_INT32 -> {
        require(node.isIntegralNumber() && node.canConvertToInt(), key, "a 32-bit integer", node);
        tensor.addIntVal(node.intValue());
      }
      case DT_INT64 -> {
        require(node.isIntegralNumber() && node.canConvertToLong(), key, "a 64-bit integer", node);
        tensor.addInt64Val(node.longValue());
      }
      case DT_FLOAT -> {
        require(node.isNumber(), key, "a number", node);
        tensor.addFloatVal(node.floatValue());
      }
      default -> throw new IllegalStateException(tensor.getDtype() + " has no JSON here");
    }
  }

  private static void require(boolean condition, String key, String expected, JsonNode got) {
    if (!condition) {
      String shown = got.toString();
      throw ServingException.invalid(
          "input \"%s\": expected %s, got %s",
          key, expected, shown.substring(0, Math.min(60, shown.length())));
    }
  }

  /** The body of an answer: {@code predictions} where the request gave {@code instances}. */
  static ObjectNode answer(Map<String, TensorProto> outputs, boolean byRow) {
    Map<String, ArrayNode> columns = new TreeMap<>();
    outputs.forEach((key, tensor) -> columns.put(key, array(tensor)));
    boolean single = columns.size() == 1;
    ObjectNode body = NODES.objectNode();
    if (!byRow) {
      body.set("outputs", single ? columns.values().iterator().next() : object(columns));
      return body;
    }
    ArrayNode rows = body.putArray("predictions");
    int count = columns.values().iterator().next().size();
    for (int i = 0; i < count; i++) {
      int row = i;
      Map<String, JsonNode> values = new TreeMap<>();
      columns.forEach((key, column) -> values.put(key, column.get(row)));
      rows.add(single ? values.values().iterator().next() : object(values));
    }
    return body;
  }

  private static ObjectNode object(Map<String, ? extends JsonNode> values) {
    ObjectNode object = NODES.objectNode();
    object.setAll(values);
    return object;
  }

  private static ArrayNode array(TensorProto tensor) {
    ByteBuffer content =
        tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return array(tensor.getTensorShape().getDimList(), tensor.getDtype(), content);
  }

  private static ArrayNode array(
      List<TensorShapeProto.Dim> dims, DataType type, ByteBuffer content) {
    ArrayNode array = NODES.arrayNode();
    for (long i = 0; i < dims.get(0).getSize(); i++) {
      if (dims.size() > 1) {
        array.add(array(dims.subList(1, dims.size()), type, content));
      } else if (type == DataType.DT_FLOAT) {
        array.add(content.getFloat());
      } else {
        array.add(content.getInt());
      }
    }
    return array;
  }
}
