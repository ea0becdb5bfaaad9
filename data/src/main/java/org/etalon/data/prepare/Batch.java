package org.etalon.data.prepare;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.data.problem.Problem;
import org.etalon.data.source.Layout;
import org.etalon.data.source.Row;

/**
 * Consecutive rows of one file on their way through the steps. Handed from thread to thread, used
 * by one at a time.
 */
final class Batch {
  private static final JsonFactory JSON = new JsonFactory();

  /** A problem and where it was read. */
  record Item(String place, Problem problem) {}

  final Recipe.Input input;
  final Layout layout;
  final long bytes;
  final Tally tally = new Tally();

  /** Lines for the list of what was dropped. */
  final ByteArrayOutputStream notes = new ByteArrayOutputStream(0);

  /** Lines to write, by split. */
  final Map<String, ByteArrayOutputStream> lines = new TreeMap<>();

  /** Taken once, by the reading stage. */
  List<Row> rows;

  List<Item> items = new ArrayList<>();

  Batch(Recipe.Input input, Layout layout, List<Row> rows, long bytes) {
    this.input = input;
    this.layout = layout;
    this.rows = rows;
    this.bytes = bytes;
  }

  /** Adds a line to the list of what was dropped, and counts it. */
  void note(String step, String place, String id, Step.Note note) {
    tally.step(step).noted(note.reason());
    try (JsonGenerator json = JSON.createGenerator(notes)) {
      json.writeStartObject();
      json.writeStringField("id", id);
      json.writeStringField("place", place);
      json.writeStringField("step", step);
      json.writeStringField("field", note.field());
      json.writeStringField("reason", note.reason());
      json.writeObjectFieldStart("facts");
      for (Map.Entry<String, String> fact : note.facts().entrySet()) {
        json.writeStringField(fact.getKey(), fact.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
  }
}
