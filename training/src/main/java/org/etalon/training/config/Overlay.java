package org.etalon.training.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;

/**
 * The default configuration with files and overrides laid over it, and where each value came from.
 */
final class Overlay {
  private final ObjectNode root;
  private final List<String> keys = new ArrayList<>();
  private final Map<String, String> origins = new HashMap<>();

  /**
   * @param defaults the complete default; its keys are the known keys
   */
  Overlay(LocatedYaml defaults) {
    this.root = (ObjectNode) defaults.root();
    collect("", root, defaults);
  }

  ObjectNode root() {
    return root;
  }

  List<String> keys() {
    return keys;
  }

  /** Where the value of a dotted key came from, {@code file:line} or the {@code --set} text. */
  String origin(String key) {
    String nearest = key;
    while (!origins.containsKey(nearest) && !nearest.isEmpty()) {
      int end = Math.max(nearest.lastIndexOf('.'), nearest.lastIndexOf('['));
      nearest = nearest.substring(0, Math.max(end, 0));
    }
    return origins.getOrDefault(nearest, "default.yaml");
  }

  /** Lays one file over what is there. */
  void apply(LocatedYaml file) {
    if (file.root().isMissingNode() || file.root().isNull()) {
      return;
    }
    if (!file.root().isObject()) {
      throw new DataException(
          file.where("")
              + ": expected sections and keys, got "
              + file.root()
              + "; see default.yaml");
    }
    merge("", root, (ObjectNode) file.root(), file);
  }

  /** Applies one {@code a.b=c}; the value is read as YAML, nothing after the sign is empty text. */
  void set(String assignment) {
    int sign = assignment.indexOf('=');
    if (sign <= 0) {
      throw new DataException("--set " + assignment + ": expected key=value, as in --set seed=2");
    }
    String key = assignment.substring(0, sign).strip();
    LocatedYaml value =
        LocatedYaml.parse("--set " + assignment, assignment.substring(sign + 1).strip());
    JsonNode node = value.root().isMissingNode() ? TextNode.valueOf("") : value.root();
    ObjectNode section = root;
    String[] parts = key.split("\\.", -1);
    String path = "";
    for (int i = 0; i < parts.length - 1; i++) {
      path = join(path, parts[i]);
      JsonNode child = section.get(parts[i]);
      if (child != null && !child.isObject()) {
        throw new DataException(
            value.where(key) + ": " + path + " is a value, not a section; set " + path);
      }
      if (!(child instanceof ObjectNode next)) {
        throw unknown(key, value, keys);
      }
      section = next;
    }
    put(path, section, parts[parts.length - 1], node, value);
  }

  private void merge(String path, ObjectNode into, ObjectNode from, LocatedYaml file) {
    for (Map.Entry<String, JsonNode> entry : from.properties()) {
      put(path, into, entry.getKey(), entry.getValue(), file);
    }
  }

  private void put(String path, ObjectNode into, String name, JsonNode value, LocatedYaml file) {
    String key = join(path, name);
    JsonNode old = into.get(name);
    if (old == null) {
      throw unknown(key, file, keys);
    }
    if (value.isNull()) {
      throw new DataException(
          file.where(key) + ": " + key + " has no value; give one or remove the key");
    }
    if (old.isObject()) {
      if (!value.isObject()) {
        throw new DataException(
            file.where(key) + ": " + key + " is a section of keys, got " + value);
      }
      merge(key, (ObjectNode) old, (ObjectNode) value, file);
      return;
    }
    checkElements(key, old, value, file);
    // A folder may be called 2024: where text is expected, a number is text.
    boolean asText = old.isTextual() && value.isNumber();
    into.set(name, asText ? TextNode.valueOf(value.asText()) : value);
    remember(key, value, file);
  }

  /**
   * Elements of a list of sections may have only the keys of the default's first element; those
   * that are empty lists there may be left out.
   */
  private void checkElements(String key, JsonNode old, JsonNode value, LocatedYaml file) {
    if (!old.path(0).isObject() || !value.isArray()) {
      return;
    }
    List<String> known = ImmutableList.copyOf(old.path(0).fieldNames());
    for (int i = 0; i < value.size(); i++) {
      for (Map.Entry<String, JsonNode> entry : value.path(i).properties()) {
        if (!known.contains(entry.getKey())) {
          throw unknown(key + "[" + i + "]." + entry.getKey(), file, known);
        }
      }
      if (value.get(i) instanceof ObjectNode element) {
        for (Map.Entry<String, JsonNode> entry : old.path(0).properties()) {
          if (entry.getValue().isArray() && entry.getValue().isEmpty()) {
            element.putIfAbsent(entry.getKey(), entry.getValue());
          }
        }
      }
    }
  }

  private void remember(String key, JsonNode value, LocatedYaml file) {
    origins.keySet().removeIf(known -> known.startsWith(key + "["));
    origins.put(key, file.where(key));
    file.lines().keySet().stream()
        .filter(known -> value.isArray() && known.startsWith(key + "["))
        .forEach(known -> origins.put(known, file.where(known)));
  }

  private void collect(String path, ObjectNode section, LocatedYaml defaults) {
    for (Map.Entry<String, JsonNode> entry : section.properties()) {
      String key = join(path, entry.getKey());
      keys.add(key);
      if (entry.getValue() instanceof ObjectNode child) {
        collect(key, child, defaults);
      } else {
        origins.put(key, defaults.where(key));
      }
    }
  }

  private static DataException unknown(String key, LocatedYaml file, List<String> known) {
    String question = Nearest.to(key, known).map(k -> "; did you mean " + k + "?").orElse("");
    return new DataException("unknown key " + key + " in " + file.where(key) + question);
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
