package org.etalon.training.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate;

/**
 * Prompts as a model's token ids.
 *
 * @param vocabulary ids are below it
 * @param template frames messages; asked for only where there are any
 */
public record Prompts(int vocabulary, Supplier<ChatTemplate> template) {
  private static final ImmutableSet<String> FIELDS = ImmutableSet.of("prompt", "messages", "ids");

  /**
   * A prompt as token ids.
   *
   * @param place where it stands, for errors
   */
  public record Prompt(String place, String id, int[] ids) {}

  /**
   * The prompts of a file of JSON lines, each with {@code prompt}, {@code messages} or {@code ids}.
   *
   * @throws DataException naming file, line and field
   */
  public List<Prompt> read(Path file) {
    List<Prompt> prompts = new ArrayList<>();
    for (JsonLines.Line line : JsonLines.read(file, FIELDS)) {
      prompts.add(new Prompt(line.place(), line.id(), ids(line)));
    }
    return prompts;
  }

  /** A user's message as a prompt. */
  public Prompt prompt(String text) {
    return new Prompt("--prompt", "prompt", template.get().prompt(text));
  }

  private int[] ids(JsonLines.Line line) {
    if (line.has("ids")) {
      return line.ids("ids", vocabulary, 1);
    }
    return line.has("prompt")
        ? template.get().prompt(line.text("prompt"))
        : template.get().prompt(messages(line));
  }

  private static List<ChatTemplate.Message> messages(JsonLines.Line line) {
    JsonNode list = line.node().get("messages");
    if (!list.isArray() || list.isEmpty()) {
      throw line.wrong("messages", "a list of messages", list);
    }
    List<ChatTemplate.Message> messages = new ArrayList<>();
    for (JsonNode message : list) {
      boolean whole =
          message.size() == 2
              && message.path("role").isTextual()
              && message.path("content").isTextual();
      if (!whole) {
        throw line.wrong(
            "messages[" + messages.size() + "]", "{\"role\": text, \"content\": text}", message);
      }
      try {
        messages.add(
            new ChatTemplate.Message(
                message.get("role").asText(), message.get("content").asText()));
      } catch (DataException e) {
        throw new DataException(line.place() + ": " + e.getMessage(), e);
      }
    }
    return messages;
  }
}
