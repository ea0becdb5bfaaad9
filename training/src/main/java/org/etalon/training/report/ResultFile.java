package org.etalon.training.report;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.DataException;
import org.etalon.training.run.AtomicFiles;

/** JSON result files to and from records; errors name file and line. */
final class ResultFile {
  /** Name of a stage's result file. */
  static final String NAME = "result.json";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private ResultFile() {}

  static void write(Path file, Object result) {
    try {
      AtomicFiles.writeText(file, MAPPER.writeValueAsString(result) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result must be writable", e);
    }
  }

  static <T> T read(Path file, Class<T> type) {
    try {
      return MAPPER.readValue(Files.readAllBytes(file), type);
    } catch (JsonProcessingException e) {
      throw unreadable(file, 0, e);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads one record per line, at most {@code limit} of them. */
  static <T> List<T> readLines(Path file, Class<T> type, int limit) {
    var records = new ArrayList<T>();
    try (var lines = Files.newBufferedReader(file)) {
      String line;
      for (int i = 1; records.size() < limit && (line = lines.readLine()) != null; i++) {
        try {
          records.add(MAPPER.readValue(line, type));
        } catch (JsonProcessingException e) {
          throw unreadable(file, i, e);
        }
      }
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage(), e);
    }
    return records;
  }

  private static DataException unreadable(Path file, int line, JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    int at = line > 0 || location == null ? line : location.getLineNr();
    String where = at > 0 ? file + ":" + at : file.toString();
    String reason = e.getOriginalMessage().lines().findFirst().orElse("not readable");
    return new DataException(where + ": " + reason + "; run its stage again", e);
  }
}
