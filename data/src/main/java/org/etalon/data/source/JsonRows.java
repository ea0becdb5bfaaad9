package org.etalon.data.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.etalon.data.DataException;
import org.etalon.data.problem.Utf8Lines;

/** One JSON list of objects, or objects one after another however they are broken into lines. */
final class JsonRows implements Rows {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Utf8Lines.MAX_LINE_BYTES).build())
          .build();

  private final Path file;
  private final JsonParser parser;
  private boolean inList;
  private long number;

  JsonRows(Path file) {
    this.file = file;
    try {
      InputStream bytes = Files.newInputStream(file);
      InputStream in =
          file.toString().endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes;
      this.parser =
          JSON.createParser(
              new InputStreamReader(
                  in,
                  StandardCharsets.UTF_8
                      .newDecoder()
                      .onMalformedInput(CodingErrorAction.REPORT)
                      .onUnmappableCharacter(CodingErrorAction.REPORT)));
      inList = parser.nextToken() == JsonToken.START_ARRAY;
      if (inList) {
        parser.nextToken();
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public Row next() {
    try {
      JsonToken token = parser.currentToken();
      if (token == JsonToken.END_ARRAY && inList) {
        inList = false;
        if (parser.nextToken() != null) {
          throw new DataException(file + ": expected nothing after the list; remove what follows");
        }
        return null;
      }
      if (token == null) {
        if (inList) {
          throw new DataException(file + ": the list has no end; fetch the file again");
        }
        return null;
      }
      number++;
      if (token != JsonToken.START_OBJECT) {
        throw new DataException(
            file + " row " + number + ": expected a JSON object, got " + parser.getText());
      }
      var copy = new Bounded();
      try (JsonGenerator out = JSON.createGenerator(copy)) {
        out.copyCurrentStructure(parser);
      }
      parser.nextToken();
      return new Row(file, false, number, copy.toByteArray());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Keeps one endless object from filling the heap. */
  private final class Bounded extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int start, int length) {
      if (count + length > Utf8Lines.MAX_LINE_BYTES) {
        throw new DataException(
            "%s row %d: expected an object of at most %d bytes, got a longer one; split it"
                .formatted(file, number, Utf8Lines.MAX_LINE_BYTES));
      }
      super.write(bytes, start, length);
    }
  }

  private DataException failure(IOException e) {
    if (e instanceof JsonProcessingException json) {
      return new DataException(
          "%s row %d: not JSON (%s); expected a list of objects"
              .formatted(file, number, json.getOriginalMessage()),
          e);
    }
    if (e instanceof CharacterCodingException) {
      return new DataException(
          file + ": expected UTF-8, got bytes that are not; convert the file to UTF-8", e);
    }
    return new DataException(file + ": cannot be read (" + e + ")", e);
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
