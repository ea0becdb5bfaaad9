package org.etalon.training.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.etalon.data.DataException;

/**
 * A YAML document as a tree that remembers on which line every key stands.
 *
 * @param name what messages call the document, a file name or {@code --set}
 * @param root the document
 * @param lines line of every dotted key, from 1
 */
public record LocatedYaml(String name, JsonNode root, Map<String, Integer> lines) {
  /** Keeps {@code on} and {@code off} as text: they are values of {@code xla}. */
  private static final YAMLFactory FACTORY =
      YAMLFactory.builder().enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS).build();

  /**
   * Reads one document.
   *
   * @throws DataException if it is not YAML, repeats a key, or uses anchors
   */
  public static LocatedYaml parse(String name, String text) {
    var lines = new HashMap<String, Integer>();
    try (YAMLParser parser = FACTORY.createParser(text)) {
      JsonNode root = JsonNodeFactory.instance.missingNode();
      if (parser.nextToken() != null) {
        root = new Reader(name, parser, lines).value("");
        if (parser.nextToken() != null) {
          int line = parser.currentTokenLocation().getLineNr();
          throw error(name, line, "a second document begins; keep one document per file");
        }
      }
      return new LocatedYaml(name, root, lines);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      // SnakeYAML indents its excerpt of the text; the sentences before it are what helps.
      String reason =
          e.getOriginalMessage()
              .lines()
              .filter(sentence -> !sentence.startsWith(" "))
              .collect(Collectors.joining(", "));
      throw error(name, line, "not valid YAML: " + reason);
    } catch (IOException e) {
      throw new DataException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Where {@code key} stands: {@code file:line}, or only the name where lines mean nothing. */
  public String where(String key) {
    Integer line = lines.get(key);
    return line == null ? name : at(name, line);
  }

  private static String at(String name, int line) {
    return name.startsWith("--set") ? name : name + ":" + line;
  }

  private static DataException error(String name, int line, String problem) {
    return new DataException(at(name, line) + ": " + problem);
  }

  private record Reader(String name, YAMLParser parser, Map<String, Integer> lines) {
    JsonNode value(String path) throws IOException {
      lines.putIfAbsent(path, line());
      if (parser.isCurrentAlias() || parser.getObjectId() != null) {
        throw error(name, line(), "anchors and aliases are not supported; write the value out");
      }
      JsonToken token = parser.currentToken();
      return switch (token) {
        case START_OBJECT -> object(path);
        case START_ARRAY -> array(path);
        case VALUE_NUMBER_INT -> integer();
        case VALUE_NUMBER_FLOAT -> JsonNodeFactory.instance.numberNode(parser.getDoubleValue());
        case VALUE_TRUE, VALUE_FALSE ->
            JsonNodeFactory.instance.booleanNode(token == JsonToken.VALUE_TRUE);
        case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
        default -> JsonNodeFactory.instance.textNode(parser.getText());
      };
    }

    private JsonNode integer() throws IOException {
      return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          ? JsonNodeFactory.instance.numberNode(parser.getBigIntegerValue())
          : JsonNodeFactory.instance.numberNode(parser.getLongValue());
    }

    private ObjectNode object(String path) throws IOException {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        String keyPath = path.isEmpty() ? key : path + "." + key;
        int line = line();
        if (node.has(key)) {
          throw error(
              name,
              line,
              "duplicate key " + keyPath + ", first on line " + lines.get(keyPath) + "; keep one");
        }
        if (key.indexOf('.') >= 0) {
          throw error(name, line, "key " + key + " has a dot; in a file, nest the keys");
        }
        lines.put(keyPath, line);
        parser.nextToken();
        node.set(key, value(keyPath));
      }
      return node;
    }

    private ArrayNode array(String path) throws IOException {
      ArrayNode node = JsonNodeFactory.instance.arrayNode();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        node.add(value(path + "[" + node.size() + "]"));
      }
      return node;
    }

    private int line() {
      return parser.currentTokenLocation().getLineNr();
    }
  }
}
