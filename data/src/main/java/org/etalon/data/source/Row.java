package org.etalon.data.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import java.io.IOException;
import java.nio.file.Path;
import org.etalon.data.DataException;
import org.etalon.data.problem.ProblemFile;
import org.etalon.data.problem.ProblemLine;
import org.etalon.data.problem.Utf8Lines;

/**
 * One row of a file as JSON text, not parsed yet, so that threads can share that work.
 *
 * @param file where it stands
 * @param isLine whether {@code number} counts lines; otherwise rows
 * @param number from 1
 * @param json an object as UTF-8, if the file is sound
 */
public record Row(Path file, boolean isLine, long number, byte[] json) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Utf8Lines.MAX_LINE_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** A Parquet column of doubles may hold what JSON cannot say. */
  private static final JsonMapper WITH_NAN =
      MAPPER.rebuild().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** {@code file:line}, or {@code file row N}: what complaints start with. */
  public String place() {
    return isLine ? file + ":" + number : file + " row " + number;
  }

  /** The file's name without its endings, and the number: an id for a problem without one. */
  public String defaultId() {
    String name = file.getFileName().toString();
    int dot = name.indexOf('.', 1);
    return (dot < 0 ? name : name.substring(0, dot)) + "-" + number;
  }

  /**
   * The row's fields.
   *
   * @throws DataException naming the place if it is not one JSON object with every field once
   */
  public ObjectNode fields() {
    Utf8Lines.requireUtf8(json, place());
    if (ProblemFile.isBlank(json)) {
      throw new DataException(
          place() + ": expected a JSON object, got a blank line; remove the line");
    }
    ProblemLine.requireNoEncodingOfItsOwn(json, place());
    try (JsonParser parser = (isLine ? MAPPER : WITH_NAN).createParser(json)) {
      JsonNode read = (isLine ? MAPPER : WITH_NAN).readTree(parser);
      if (parser.nextToken() != null) {
        throw new DataException(
            place()
                + ": expected nothing after the object, got "
                + Ascii.truncate(parser.getText(), 40, "…")
                + "; write one object per line");
      }
      if (read instanceof ObjectNode fields) {
        return fields;
      }
      throw new DataException(
          place()
              + ": expected a JSON object, got "
              + Ascii.truncate(String.valueOf(read), 60, "…")
              + "; write one object per line");
    } catch (JsonProcessingException e) {
      throw new DataException(
          place()
              + ": expected one JSON object, got text that is not JSON ("
              + e.getOriginalMessage()
              + "); write one object per line",
          e);
    } catch (IOException e) {
      throw new DataException(place() + ": cannot be read (" + e + ")", e);
    }
  }
}
