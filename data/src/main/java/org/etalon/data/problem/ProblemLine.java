package org.etalon.data.problem;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;
import org.etalon.data.UnicodeText;

/**
 * Reads one line of a problem file: {@code {"id", "subdomain", "prompt", "answer", "traces": […],
 * "kind"}}, as {@link ProblemFile} says; every complaint starts with the line's place.
 */
public final class ProblemLine {
  static final String ID = "id";
  static final String SUBDOMAIN = "subdomain";
  static final String PROMPT = "prompt";
  static final String ANSWER = "answer";
  static final String TRACES = "traces";
  static final String KIND = "kind";

  /** Every field a line may have. */
  public static final ImmutableList<String> FIELDS =
      ImmutableList.of(ID, SUBDOMAIN, PROMPT, ANSWER, TRACES, KIND);

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Utf8Lines.MAX_LINE_BYTES).build())
          .build();

  private final String place;
  private final Map<String, String> texts = new HashMap<>();
  private List<String> traces;

  private ProblemLine(String place) {
    this.place = place;
  }

  /**
   * The problem of one line.
   *
   * @param line the line's bytes, without its break
   * @param place what complaints start with
   * @param defaultId the id of a line without one
   * @throws DataException if the bytes are not UTF-8 or not such an object
   */
  public static Problem parse(byte[] line, String place, String defaultId) {
    Utf8Lines.requireUtf8(line, place);
    requireNoEncodingOfItsOwn(line, place);
    ProblemLine fields = new ProblemLine(place);
    try (JsonParser json = JSON.createParser(line)) {
      fields.readObject(json);
    } catch (JsonProcessingException e) {
      throw new DataException(
          place
              + ": expected one JSON object, got text that is not JSON ("
              + e.getOriginalMessage()
              + "); write one object per line",
          e);
    } catch (IOException e) {
      throw new DataException(place + ": cannot be read (" + e + ")", e);
    }
    return new Problem(
        fields.texts.getOrDefault(ID, defaultId),
        fields.texts.getOrDefault(SUBDOMAIN, "general"),
        fields.required(PROMPT),
        fields.required(ANSWER),
        fields.traces == null ? List.of() : fields.traces,
        fields.kind());
  }

  /**
   * Refuses what would make Jackson guess another encoding than UTF-8, or skip a byte order mark.
   *
   * @throws DataException if the line starts with a mark or has a zero among its first bytes
   */
  public static void requireNoEncodingOfItsOwn(byte[] line, String place) {
    boolean odd = line.length > 0 && line[0] == (byte) 0xEF;
    for (int i = 0; i < Math.min(4, line.length); i++) {
      odd |= line[i] == 0;
    }
    if (odd) {
      throw new DataException(
          place
              + ": expected one JSON object in UTF-8, got other bytes; write one object per line");
    }
  }

  private Kind kind() {
    String label = texts.getOrDefault(KIND, Kind.MATH.label());
    return Kind.of(label)
        .orElseThrow(
            () ->
                field(
                    KIND,
                    "expected one of "
                        + Arrays.stream(Kind.values()).map(Kind::label).toList()
                        + ", got \""
                        + Ascii.truncate(label, 60, "…")
                        + "\"; correct it or leave it out for math"));
  }

  private void readObject(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new DataException(
          place + ": expected a JSON object, got " + got(json) + "; write one object per line");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (!FIELDS.contains(name)) {
        throw unknown(name);
      }
      if (texts.containsKey(name) || (name.equals(TRACES) && traces != null)) {
        throw field(name, "expected once, got it twice; remove one");
      }
      json.nextToken();
      if (name.equals(TRACES)) {
        traces = readTraces(json);
      } else {
        texts.put(name, readText(json, name));
      }
    }
    if (json.nextToken() != null) {
      throw new DataException(
          place
              + ": expected nothing after the object, got "
              + got(json)
              + "; write one object per line");
    }
  }

  private List<String> readTraces(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw field(
          TRACES,
          "expected a list of strings, got " + got(json) + "; write [\"…\"] or leave it out");
    }
    List<String> read = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      read.add(readText(json, TRACES + "[" + read.size() + "]"));
    }
    return read;
  }

  private String readText(JsonParser json, String name) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw field(name, "expected a string, got " + got(json) + remedy(json));
    }
    String text = json.getText();
    if (text.isBlank()) {
      throw field(name, "expected text, got a blank string; fill it in or remove the line");
    }
    int half = UnicodeText.firstHalfPair(text);
    if (half >= 0) {
      throw field(
          name,
          "expected Unicode text, got half a surrogate pair at character "
              + half
              + "; write the character itself or both \\u escapes");
    }
    return text;
  }

  private String required(String name) {
    String text = texts.get(name);
    if (text == null) {
      throw field(
          name, "expected a string, got no such field; every problem needs prompt and answer");
    }
    return text;
  }

  private DataException unknown(String name) {
    String shown = Ascii.truncate(name, 80, "…");
    String hint =
        NearestName.of(shown, FIELDS)
            .map(near -> "did you mean \"" + near + "\"?")
            .orElse("remove it");
    return new DataException(
        place + ": unknown field \"" + shown + "\"; known are " + FIELDS + "; " + hint);
  }

  private DataException field(String name, String complaint) {
    return new DataException(place + ": field \"" + name + "\": " + complaint);
  }

  private static String remedy(JsonParser json) {
    JsonToken token = json.currentToken();
    if (token.isNumeric() || token.isBoolean()) {
      return "; write it in quotes";
    }
    return token == JsonToken.VALUE_NULL ? "; fill it in or leave the field out" : "";
  }

  private static String got(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT, END_OBJECT -> "an object";
      case START_ARRAY, END_ARRAY -> "a list";
      case VALUE_STRING -> "the string \"" + Ascii.truncate(json.getText(), 60, "…") + "\"";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          "the number " + Ascii.truncate(json.getText(), 60, "…");
      default -> json.getText();
    };
  }
}
