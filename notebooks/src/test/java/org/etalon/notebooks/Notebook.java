package org.etalon.notebooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A notebook file, format 4.
 *
 * @param file where it is
 * @param json its content
 */
record Notebook(Path file, JsonNode json) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * A cell of code.
   *
   * @param number from 1, cells of code only
   * @param source its lines
   * @param kinds what its kept outputs are
   */
  record Cell(int number, String source, List<String> kinds) {}

  static Notebook read(Path file) {
    try {
      return new Notebook(file, JSON.readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A notebook of these cells. */
  static Notebook of(String name, String... sources) {
    ObjectNode json = JSON.createObjectNode();
    ArrayNode cells = json.putArray("cells");
    for (String source : sources) {
      ObjectNode cell = cells.addObject();
      cell.put("cell_type", "code").put("source", source).putArray("outputs");
    }
    return new Notebook(Path.of(name), json);
  }

  String name() {
    return String.valueOf(file.getFileName());
  }

  List<Cell> codeCells() {
    List<Cell> cells = new ArrayList<>();
    for (JsonNode cell : code()) {
      List<String> kinds = new ArrayList<>();
      cell.path("outputs").forEach(output -> kinds.add(kind(output)));
      cells.add(new Cell(cells.size() + 1, text(cell.path("source")), kinds));
    }
    return cells;
  }

  /** All text of the cells that are not code. */
  String prose() {
    var prose = new StringBuilder();
    for (JsonNode cell : json.path("cells")) {
      if (!isCode(cell)) {
        prose.append(text(cell.path("source"))).append('\n');
      }
    }
    return prose.toString();
  }

  /** Writes the file anew with other outputs, those of each cell of code. */
  void write(List<List<Output>> outputs) {
    int index = 0;
    for (ObjectNode cell : code()) {
      ArrayNode kept = cell.putArray("outputs");
      outputs.get(index++).forEach(output -> kept.add(json(output)));
      cell.put("execution_count", index);
    }
    var printer = new DefaultPrettyPrinter();
    var indenter = new DefaultIndenter(" ", "\n");
    printer.indentArraysWith(indenter);
    printer.indentObjectsWith(indenter);
    try {
      Files.writeString(file, JSON.writer(printer).writeValueAsString(json) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<ObjectNode> code() {
    return StreamSupport.stream(json.path("cells").spliterator(), false)
        .filter(Notebook::isCode)
        .map(cell -> (ObjectNode) cell)
        .toList();
  }

  private static boolean isCode(JsonNode cell) {
    return cell.path("cell_type").asText().equals("code");
  }

  /** Text is one string, or a list of lines with their ends. */
  private static String text(JsonNode source) {
    if (!source.isArray()) {
      return source.asText();
    }
    var text = new StringBuilder();
    source.forEach(line -> text.append(line.asText()));
    return text.toString();
  }

  private static String kind(JsonNode output) {
    String type = output.path("output_type").asText();
    return type.equals("display_data") ? output.path("data").fieldNames().next() : type;
  }

  private static ObjectNode json(Output output) {
    ObjectNode json = JSON.createObjectNode();
    if (output.kind().equals(Output.STREAM)) {
      json.put("output_type", "stream").put("name", "stdout");
      lines(output.content()).forEach(json.putArray("text")::add);
      return json;
    }
    json.put("output_type", "display_data").putObject("metadata");
    ArrayNode data = json.putObject("data").putArray(output.kind());
    lines(output.content()).forEach(data::add);
    return json;
  }

  /** Lines with their ends, as notebooks keep text: changes of one line are seen as such. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('\n', at) + 1;
      int next = end == 0 ? text.length() : end;
      lines.add(text.substring(at, next));
      at = next;
    }
    return lines;
  }
}
