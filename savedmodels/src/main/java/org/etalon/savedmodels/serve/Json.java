package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** The JSON of requests and answers. */
final class Json {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * The object that a body holds.
   *
   * @throws ServingException if it is no JSON object
   */
  static JsonNode object(byte[] body) {
    try {
      JsonNode node = MAPPER.readTree(body);
      if (node == null || !node.isObject()) {
        throw ServingException.invalid("expected a JSON object as the body");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw ServingException.invalid("the body is no JSON: %s", e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("an array is always readable", e);
    }
  }
}
