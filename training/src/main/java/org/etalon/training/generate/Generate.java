package org.etalon.training.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.Tokenizer;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.etalon.training.policy.Policy;

/**
 * Responses of a model to prompts. A sample depends on its prompt, the seed and its place in the
 * input, not on how many are decoded side by side.
 */
public final class Generate {
  /** Requests whose responses are held at once, in slots. */
  private static final int SLOTS_AT_ONCE = 8;

  private static final ImmutableSet<String> FIELDS = ImmutableSet.of("prompt", "messages", "ids");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Policy policy;
  private final Options options;

  /**
   * How to respond.
   *
   * @param sampling temperature, top-k, top-p, seed
   * @param samples responses per prompt
   * @param maxNewTokens longest response, tokens; less where the window leaves less room
   * @param slots responses decoded side by side
   */
  public record Options(Sampling sampling, int samples, int maxNewTokens, int slots) {
    public Options {
      check(samples >= 1, "--n must be at least 1, got " + samples);
      check(maxNewTokens >= 1, "--max-new-tokens must be at least 1, got " + maxNewTokens);
      check(slots >= 1, "--slots must be at least 1, got " + slots);
    }

    private static void check(boolean condition, String message) {
      if (!condition) {
        throw new DataException(message);
      }
    }
  }

  /**
   * A prompt as token ids.
   *
   * @param place where it stands, for errors
   */
  public record Prompt(String place, String id, int[] ids) {}

  /**
   * @param policy the model; stays the caller's
   */
  public Generate(Policy policy, Options options) {
    this.policy = policy;
    this.options = options;
  }

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
    return new Prompt("--prompt", "prompt", policy.template().prompt(text));
  }

  private int[] ids(JsonLines.Line line) {
    if (line.has("ids")) {
      return line.ids("ids", policy.program().config().vocabulary(), 1);
    }
    return line.has("prompt")
        ? policy.template().prompt(line.text("prompt"))
        : policy.template().prompt(messages(line));
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

  /**
   * Writes one JSON line per sample, in the order of the prompts: {@code id, sample, ids, text,
   * logprobs, finish_reason}. Log-probabilities are natural and those of softmax(logits /
   * temperature), before top-k and top-p; at temperature 0 of the plain softmax.
   *
   * @throws DataException if a prompt leaves no room in the model's window; nothing is written then
   */
  public void write(List<Prompt> prompts, OutputStream out) throws IOException {
    int window = policy.program().config().maxPositions();
    int longest = 1;
    for (Prompt prompt : prompts) {
      longest = Math.max(longest, prompt.ids().length);
      if (prompt.ids().length >= window) {
        throw new DataException(
            "%s: the prompt of %d tokens leaves no room in the model's window of %d; shorten it"
                .formatted(prompt.place(), prompt.ids().length, window));
      }
    }
    int most = Math.min(options.maxNewTokens(), window - 1);
    var engine =
        new RolloutEngine(
            policy.decoder(options.slots(), longest, most), ImmutableSet.copyOf(policy.stopIds()));
    int step = Math.max(1, options.slots() * SLOTS_AT_ONCE / options.samples());
    for (int from = 0; from < prompts.size(); from += step) {
      int to = Math.min(from + step, prompts.size());
      write(prompts.subList(from, to), from, most, engine, out);
    }
  }

  private void write(
      List<Prompt> prompts, long first, int most, RolloutEngine engine, OutputStream out)
      throws IOException {
    int window = policy.program().config().maxPositions();
    int samples = options.samples();
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      int[] ids = prompts.get(i).ids();
      for (int s = 0; s < samples; s++) {
        long sequence = (first + i) * samples + s;
        requests.add(new Request(ids, sequence, Math.min(most, window - ids.length)));
      }
    }
    List<Completion> completions = engine.generate(requests, options.sampling());
    for (int i = 0; i < completions.size(); i++) {
      Completion completion = completions.get(i);
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("id", prompts.get(i / samples).id());
      line.put("sample", i % samples);
      line.put("ids", completion.ids());
      line.put("text", text(policy.tokenizer(), completion));
      line.put("logprobs", completion.logps());
      line.put("finish_reason", completion.finish().name().toLowerCase(Locale.ROOT));
      out.write(JSON.writeValueAsBytes(line));
      out.write('\n');
    }
  }

  /** A response as text, without the token that ended it. */
  static String text(Tokenizer tokenizer, Completion completion) {
    int[] ids = completion.ids();
    boolean ended = completion.finish() == Completion.Finish.STOP;
    return tokenizer.decode(Arrays.copyOf(ids, ended ? ids.length - 1 : ids.length));
  }
}
