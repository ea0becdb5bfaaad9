package org.etalon.data.prepare.step;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.etalon.data.DataException;
import org.etalon.data.problem.Utf8Lines;

/**
 * One line of a JSON-lines file of a model's responses, as {@code etalon eval}, {@code mgpo} and
 * {@code generate} write them: {@code id}, {@code correct}, {@code response} or {@code text},
 * {@code truncated}; fields of other names are left alone.
 *
 * @param place file and line, for errors
 * @param id the problem's
 * @param correct the verdict; empty if there is no such field or it is null
 * @param response the text; empty if there is none
 * @param truncated whether the response was cut
 * @param judged whether there is a field {@code correct}
 */
record ResponseLine(
    String place,
    String id,
    Optional<Boolean> correct,
    Optional<String> response,
    boolean truncated,
    boolean judged) {

  private static final JsonFactory JSON = new JsonFactory();

  /** Reads a file line by line, in constant memory; empty lines are left out. */
  static void read(Path file, Consumer<ResponseLine> consumer) {
    try (Utf8Lines lines = new Utf8Lines(file)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          consumer.accept(new Fields(lines.place()).parse(line));
        }
      }
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }

  private static final class Fields {
    private final String place;
    private String id;
    private Boolean correct;
    private boolean judged;
    private String response;
    private boolean truncated;

    Fields(String place) {
      this.place = place;
    }

    ResponseLine parse(String line) {
      try (JsonParser json = JSON.createParser(line)) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
          throw new DataException(place + ": expected a JSON object a line; correct the line");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          take(name, json);
        }
        if (json.nextToken() != null) {
          throw new DataException(
              place + ": expected nothing after the object; write one object per line");
        }
      } catch (JsonProcessingException e) {
        throw new DataException(
            place
                + ": expected one JSON object, got text that is not JSON ("
                + e.getOriginalMessage()
                + "); a run that was killed may have left half a line: remove it",
            e);
      } catch (IOException e) {
        throw new DataException(place + ": cannot be read (" + e + ")", e);
      }
      if (id == null) {
        throw wrong("id", "a string", "no such field");
      }
      return new ResponseLine(
          place,
          id,
          Optional.ofNullable(correct),
          Optional.ofNullable(response),
          truncated,
          judged);
    }

    private void take(String name, JsonParser json) throws IOException {
      switch (name) {
        case "id" -> id = text(name, json);
        case "response", "text" -> response = text(name, json);
        case "truncated" -> truncated = flag(name, json);
        case "correct" -> {
          judged = true;
          correct = json.currentToken() == JsonToken.VALUE_NULL ? null : flag(name, json);
        }
        default -> json.skipChildren();
      }
    }

    private String text(String name, JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw wrong(name, "a string", json.currentToken().toString());
      }
      return json.getText();
    }

    private boolean flag(String name, JsonParser json) throws IOException {
      if (!json.currentToken().isBoolean()) {
        throw wrong(name, "true or false", json.currentToken().toString());
      }
      return json.getBooleanValue();
    }

    private DataException wrong(String name, String expected, String got) {
      return new DataException(
          place + ": field \"" + name + "\": expected " + expected + ", got " + got);
    }
  }
}
