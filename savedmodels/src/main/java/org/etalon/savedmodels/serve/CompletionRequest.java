package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The fields that completions and chat completions share, as OpenAI names and bounds them. A field
 * that would change the answer and is not offered is refused, never overlooked.
 *
 * @param model the name of the model
 * @param maxTokens most tokens to generate; 0 where the request does not say
 * @param n answers to each prompt
 * @param stop texts that end an answer
 * @param seed of the random numbers, if the request fixes them
 * @param stream whether the answer comes as events
 * @param streamUsage whether a last event tells the numbers of tokens
 */
record CompletionRequest(
    String model,
    int maxTokens,
    double temperature,
    double topP,
    int n,
    List<String> stop,
    OptionalLong seed,
    boolean stream,
    boolean streamUsage) {
  private static final ImmutableSet<String> SHARED =
      ImmutableSet.of(
          "model",
          "max_tokens",
          "temperature",
          "top_p",
          "n",
          "stop",
          "seed",
          "stream",
          "stream_options",
          "user",
          "presence_penalty",
          "frequency_penalty");

  /** Fields that must have the value at which they do nothing. */
  private static final ImmutableSet<String> ZERO =
      ImmutableSet.of("presence_penalty", "frequency_penalty");

  private static final int MOST_STOPS = 4;

  /**
   * Reads a body.
   *
   * @param own fields of this kind of request
   * @throws ServingException naming the field
   */
  static CompletionRequest read(JsonNode body, Set<String> own) {
    body.fieldNames()
        .forEachRemaining(
            field -> {
              if (!SHARED.contains(field) && !own.contains(field)) {
                throw ServingException.invalid("\"%s\" is not offered here; leave it out", field);
              }
            });
    for (String field : ZERO) {
      if (number(body, field, 0, -2, 2) != 0) {
        throw ServingException.invalid("\"%s\" is offered at 0 alone; leave it out", field);
      }
    }
    if (!body.path("model").isTextual()) {
      throw ServingException.invalid("\"model\" must be the name of the model");
    }
    boolean newer = own.contains("max_completion_tokens") && body.has("max_completion_tokens");
    return new CompletionRequest(
        body.get("model").asText(),
        integer(body, newer ? "max_completion_tokens" : "max_tokens", 0, 1, Integer.MAX_VALUE),
        number(body, "temperature", 1, 0, 2),
        number(body, "top_p", 1, Double.MIN_VALUE, 1),
        integer(body, "n", 1, 1, 128),
        stops(body.path("stop")),
        seed(body.path("seed")),
        flag(body, "stream"),
        flag(body.path("stream_options"), "include_usage"));
  }

  private static boolean absent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private static double number(JsonNode body, String field, double usual, double from, double to) {
    JsonNode value = body.path(field);
    if (absent(value)) {
      return usual;
    }
    if (!value.isNumber() || value.asDouble() < from || value.asDouble() > to) {
      throw ServingException.invalid(
          "\"%s\" must be a number of %s to %s, got %s", field, shown(from), shown(to), value);
    }
    return value.asDouble();
  }

  private static String shown(double bound) {
    return bound == Double.MIN_VALUE ? "above 0" : Double.toString(bound);
  }

  private static int integer(JsonNode body, String field, int usual, int from, int to) {
    JsonNode value = body.path(field);
    if (absent(value)) {
      return usual;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.asInt() < from
        || value.asInt() > to) {
      throw ServingException.invalid(
          "\"%s\" must be an integer of %d to %d, got %s", field, from, to, value);
    }
    return value.asInt();
  }

  private static boolean flag(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (!absent(value) && !value.isBoolean()) {
      throw ServingException.invalid("\"%s\" must be true or false, got %s", field, value);
    }
    return value.asBoolean(false);
  }

  private static OptionalLong seed(JsonNode value) {
    if (absent(value)) {
      return OptionalLong.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw ServingException.invalid("\"seed\" must be a 64-bit integer, got %s", value);
    }
    return OptionalLong.of(value.asLong());
  }

  private static List<String> stops(JsonNode value) {
    List<String> stops = new ArrayList<>();
    if (value.isTextual()) {
      stops.add(value.asText());
    } else if (value.isArray()) {
      value.forEach(stop -> stops.add(stop.isTextual() ? stop.asText() : ""));
    } else if (!absent(value)) {
      stops.add("");
    }
    if (stops.size() > MOST_STOPS || stops.contains("")) {
      throw ServingException.invalid(
          "\"stop\" must be a text, or up to %d of them, none empty", MOST_STOPS);
    }
    return List.copyOf(stops);
  }
}
