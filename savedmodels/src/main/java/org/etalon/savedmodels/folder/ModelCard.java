package org.etalon.savedmodels.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model card: {@code README.md} with YAML front matter that model hubs read, and the same facts
 * as a table for people.
 *
 * @param title name of the model, one line
 * @param facts what is known of its training, in the order of showing; values are texts, numbers,
 *     booleans, and lists and maps of these
 */
public record ModelCard(String title, Map<String, Object> facts) {
  /** Name of the file. */
  public static final String FILE = "README.md";

  /** Fact that hubs show as the model this one was made from, if it is named as they name one. */
  public static final String BASE_MODEL = "base_model";

  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .build())
          .build();

  public ModelCard {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    if (title.isBlank() || !title.equals(oneLine(title))) {
      throw new IllegalArgumentException("a card's title must be one line of text, got " + title);
    }
  }

  /** The text of the file. */
  String text() {
    Map<String, Object> front = new LinkedHashMap<>();
    front.put("library_name", "transformers");
    front.put("pipeline_tag", "text-generation");
    front.put("tags", List.of("etalon", "reasoning"));
    if (facts.get(BASE_MODEL) instanceof String base && base.matches("[\\w.-]+/[\\w.-]+")) {
      front.put(BASE_MODEL, base);
    }
    front.put("etalon", facts);
    StringBuilder text = new StringBuilder();
    text.append("---\n").append(yaml(front)).append("---\n\n# ").append(title).append("\n\n");
    text.append("Trained with Etalon, spectrum to signal.\n");
    if (!facts.isEmpty()) {
      text.append("\n| fact | value |\n|---|---|\n");
      rows("", facts).forEach(text::append);
    }
    return text.toString();
  }

  private static String yaml(Map<String, Object> front) {
    try {
      return YAML.writeValueAsString(front);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "a card's facts must be texts, numbers, booleans, lists and maps: "
              + e.getOriginalMessage(),
          e);
    }
  }

  private static List<String> rows(String path, Map<?, ?> facts) {
    List<String> rows = new ArrayList<>();
    facts.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            rows.addAll(rows(path + key + ".", inner));
          } else {
            rows.add("| " + cell(path + key) + " | " + cell(shown(value)) + " |\n");
          }
        });
    return rows;
  }

  private static String shown(Object value) {
    return value instanceof Collection<?> list
        ? String.join(", ", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  private static String cell(String text) {
    return oneLine(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;");
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }
}
