package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.ChatTemplate.Message;
import org.etalon.graph.decode.CounterRandom;
import org.etalon.savedmodels.export.ServedModel.Ask;

/** Prompts of completions as rows of ids. */
final class CompletionPrompts {
  /** What OpenAI's completions generate where the request does not say. */
  private static final int USUAL_TOKENS = 16;

  private CompletionPrompts() {}

  /** The rows of a request: each prompt {@code n} times, with seeds of their own. */
  static List<Ask> asks(
      CompletionRequest asked, List<int[]> prompts, boolean chat, Servable servable) {
    int most = servable.bounds().newTokens();
    if (asked.maxTokens() > most) {
      throw ServingException.invalid(
          "\"max_tokens\" must be at most %d here, got %d; ask for less", most, asked.maxTokens());
    }
    int usual = chat ? most : Math.min(USUAL_TOKENS, most);
    int tokens = asked.maxTokens() == 0 ? usual : asked.maxTokens();
    long seed = asked.seed().orElseGet(ThreadLocalRandom.current()::nextLong);
    List<Ask> asks = new ArrayList<>();
    for (int[] prompt : prompts) {
      check(prompt, servable);
      for (int i = 0; i < asked.n(); i++) {
        asks.add(
            new Ask(
                prompt,
                (float) asked.temperature(),
                0,
                (float) asked.topP(),
                seed(seed, asks.size()),
                tokens));
      }
    }
    return asks;
  }

  /** The first row has the request's seed: what the model's own interface gives for it. */
  private static long seed(long seed, int row) {
    return row == 0 ? seed : seed ^ (long) (CounterRandom.uniform(seed, row, 0) * (1L << 62));
  }

  private static void check(int[] prompt, Servable servable) {
    int window = servable.bounds().window();
    if (prompt.length == 0 || prompt.length >= window) {
      throw ServingException.invalid(
          "a prompt has 1 to %d tokens here, got %d; shorten the conversation",
          window - 1, prompt.length);
    }
    for (int id : prompt) {
      if (id < 0 || id >= servable.bounds().vocabulary()) {
        throw ServingException.invalid(
            "token id %d is outside the vocabulary of %d; use the model's own tokenizer",
            id, servable.bounds().vocabulary());
      }
    }
  }

  /** The prompt of {@code messages}. */
  static List<int[]> chat(JsonNode messages, Servable servable) {
    if (!messages.isArray() || messages.isEmpty()) {
      throw ServingException.invalid("\"messages\" must be a list of at least one message");
    }
    ChatTemplate template =
        servable
            .loaded()
            .template()
            .orElseThrow(
                () ->
                    ServingException.invalid(
                        "the model has no chat template; use /v1/completions"));
    List<Message> conversation = new ArrayList<>();
    try {
      for (JsonNode message : messages) {
        String role = message.path("role").asText();
        conversation.add(new Message(role.equals("developer") ? "system" : role, content(message)));
      }
      return List.of(template.prompt(conversation));
    } catch (DataException e) {
      throw ServingException.invalid("\"messages\": %s", e.getMessage());
    }
  }

  private static String content(JsonNode message) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
        throw ServingException.invalid("\"content\" must be a text, or a list of parts of text");
      }
      text.append(part.get("text").asText());
    }
    if (!content.isArray()) {
      throw ServingException.invalid("\"content\" must be a text, or a list of parts of text");
    }
    return text.toString();
  }

  /** The prompts of {@code prompt}: a text, ids, or a list of either. */
  static List<int[]> plain(JsonNode prompt, Servable servable) {
    if (prompt.isTextual() || isIds(prompt)) {
      return List.of(one(prompt, servable));
    }
    List<int[]> prompts = new ArrayList<>();
    prompt.forEach(each -> prompts.add(one(each, servable)));
    if (prompts.isEmpty()) {
      throw wrong();
    }
    return prompts;
  }

  private static boolean isIds(JsonNode prompt) {
    return prompt.isArray() && prompt.path(0).isNumber();
  }

  private static int[] one(JsonNode prompt, Servable servable) {
    if (prompt.isTextual()) {
      try {
        return servable.loaded().tokenizer().encode(prompt.asText());
      } catch (DataException e) {
        throw ServingException.invalid("\"prompt\": %s", e.getMessage());
      }
    }
    if (!isIds(prompt)) {
      throw wrong();
    }
    int[] ids = new int[prompt.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = prompt.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        throw wrong();
      }
      ids[i] = id.asInt();
    }
    return ids;
  }

  private static ServingException wrong() {
    return ServingException.invalid(
        "\"prompt\" must be a text, a list of token ids, or a list of either");
  }
}
