package org.etalon.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.prepare.Recipe;
import org.etalon.training.config.LocatedYaml;

/** A recipe as YAML with overrides, which remembers where each key was given. */
final class RecipeFile {
  private final ObjectNode root;
  private final LocatedYaml file;

  /** The override that gave a dotted key. */
  private final Map<String, String> overrides = new LinkedHashMap<>();

  private RecipeFile(ObjectNode root, LocatedYaml file) {
    this.root = root;
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it cannot be read, is not YAML, or repeats a key
   */
  static RecipeFile read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new DataException("recipe " + path + " does not exist; give an existing file");
    }
    try {
      LocatedYaml file = LocatedYaml.parse(path.toString(), Files.readString(path));
      if (file.root() instanceof ObjectNode root) {
        return new RecipeFile(root, file);
      }
      throw new DataException(path + ": expected keys such as inputs and steps, got none");
    } catch (IOException e) {
      throw new DataException("recipe " + path + " cannot be read as UTF-8 text: " + e, e);
    }
  }

  /** The recipe that only reads and writes. */
  static RecipeFile of(List<Path> inputs, String layout) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode list = root.putArray("inputs");
    inputs.forEach(
        path ->
            list.addObject().put("path", path.toAbsolutePath().toString()).put("layout", layout));
    return new RecipeFile(root, LocatedYaml.parse("--input", ""));
  }

  /** Applies one {@code a.b=c} or {@code inputs[0].limit=5}; the value is read as YAML. */
  void set(String assignment) {
    int sign = assignment.indexOf('=');
    if (sign <= 0) {
      throw new DataException("--set " + assignment + ": expected key=value, as in --set seed=2");
    }
    String key = assignment.substring(0, sign).strip();
    JsonNode value =
        LocatedYaml.parse("--set " + assignment, assignment.substring(sign + 1).strip()).root();
    JsonNode node = root;
    List<String> parts = parts(key);
    for (String part : parts.subList(0, parts.size() - 1)) {
      JsonNode next = child(node, part);
      if (next.isMissingNode() && node instanceof ObjectNode section) {
        next = section.putObject(part);
      }
      if (!next.isContainerNode()) {
        throw new DataException("--set " + assignment + ": the recipe has no " + key);
      }
      node = next;
    }
    String last = parts.get(parts.size() - 1);
    JsonNode given = value.isMissingNode() ? TextNode.valueOf("") : value;
    if (node instanceof ObjectNode section) {
      section.set(last, given);
    } else if (node instanceof ArrayNode list && !child(list, last).isMissingNode()) {
      list.set(Integer.parseInt(last), given);
    } else {
      throw new DataException("--set " + assignment + ": the recipe has no " + key);
    }
    overrides.put(key, "--set " + assignment);
  }

  /** Reads the recipe. */
  Recipe recipe() {
    return Recipe.read(root, this::where);
  }

  private String where(String key) {
    String given = null;
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      if (key.startsWith(override.getKey())) {
        given = override.getValue();
      }
    }
    return given == null ? file.where(nearest(key)) : given;
  }

  /** A key that stands in the file: this one, or the section that lacks it. */
  private String nearest(String key) {
    String nearest = key;
    while (!nearest.isEmpty() && !file.lines().containsKey(nearest)) {
      int end = Math.max(nearest.lastIndexOf('.'), nearest.lastIndexOf('['));
      nearest = nearest.substring(0, Math.max(end, 0));
    }
    return nearest;
  }

  private static JsonNode child(JsonNode node, String part) {
    return node.isArray() && part.matches("\\d{1,9}")
        ? node.path(Integer.parseInt(part))
        : node.path(part);
  }

  /** {@code a.b[0].c} as a, b, 0, c. */
  private static List<String> parts(String key) {
    List<String> parts = new ArrayList<>();
    for (String part : key.replace("]", "").replace("[", ".").split("\\.", -1)) {
      if (part.isEmpty()) {
        throw new DataException("--set " + key + ": expected a key such as inputs[0].limit");
      }
      parts.add(part);
    }
    return parts;
  }
}
