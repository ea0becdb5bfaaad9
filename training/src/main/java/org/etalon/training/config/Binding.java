package org.etalon.training.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.base.Throwables;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.etalon.data.DataException;

/** Turns the merged tree into records, and Jackson's errors into sentences with file and line. */
final class Binding {
  private Binding() {}

  static JsonMapper mapper() {
    return JsonMapper.builder()
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
            DeserializationFeature.READ_ENUMS_USING_TO_STRING)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .build();
  }

  static Configuration bind(JsonMapper mapper, Overlay overlay) {
    try {
      return mapper.treeToValue(overlay.root(), Configuration.class);
    } catch (JsonMappingException e) {
      throw explain(e, overlay);
    } catch (JsonProcessingException e) {
      throw new DataException("configuration cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  private static DataException explain(JsonMappingException e, Overlay overlay) {
    for (Throwable cause : Throwables.getCausalChain(e)) {
      if (cause instanceof InvalidSettingException invalid) {
        String origin = overlay.origin(invalid.key());
        return new DataException(origin + ": " + invalid.getMessage(), e);
      }
    }
    String key = key(e.getPath());
    String origin = overlay.origin(key);
    if (e instanceof MismatchedInputException mismatch) {
      JsonNode value = overlay.root().at(pointer(e.getPath()));
      String expected = expected(mismatch.getTargetType());
      String got = value.isMissingNode() ? "nothing" : value.toString();
      return new DataException(
          origin + ": " + key + " must be " + expected + ", got " + got + "; set " + key, e);
    }
    return new DataException(origin + ": " + key + ": " + e.getOriginalMessage(), e);
  }

  private static String expected(Class<?> type) {
    if (type == null) {
      return "another kind of value";
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(Object::toString)
          .collect(Collectors.joining(" or "));
    }
    return switch (type.getSimpleName()) {
      case "int", "long" -> "a whole number";
      case "double", "Double" -> "a number";
      case "boolean" -> "true or false";
      case "String" -> "text";
      case "List", "ArrayList" -> "a list";
      default -> "a section of keys";
    };
  }

  private static String key(List<JsonMappingException.Reference> path) {
    var key = new StringBuilder();
    for (var reference : path) {
      if (reference.getFieldName() == null) {
        key.append('[').append(reference.getIndex()).append(']');
      } else {
        key.append(key.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return key.toString();
  }

  private static String pointer(List<JsonMappingException.Reference> path) {
    return path.stream()
        .map(r -> r.getFieldName() == null ? "/" + r.getIndex() : "/" + r.getFieldName())
        .collect(Collectors.joining());
  }
}
