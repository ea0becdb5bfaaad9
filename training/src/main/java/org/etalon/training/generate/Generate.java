package org.etalon.training.generate;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.etalon.data.DataException;
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
   * @param policy the model; stays the caller's
   */
  public Generate(Policy policy, Options options) {
    this.policy = policy;
    this.options = options;
  }

  /** How prompts become the model's ids. */
  public Prompts prompts() {
    return new Prompts(policy.program().config().vocabulary(), policy::template);
  }

  /**
   * Writes one JSON line per sample, in the order of the prompts: {@code id, sample, ids, text,
   * logprobs, finish_reason}. Log-probabilities are natural and those of softmax(logits /
   * temperature), before top-k and top-p; at temperature 0 of the plain softmax.
   *
   * @throws DataException if a prompt leaves no room in the model's window; nothing is written then
   */
  public void write(List<Prompts.Prompt> prompts, OutputStream out) throws IOException {
    int window = policy.program().config().maxPositions();
    int longest = 1;
    for (Prompts.Prompt prompt : prompts) {
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
      List<Prompts.Prompt> prompts, long first, int most, RolloutEngine engine, OutputStream out)
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
      new SampleLine(
              prompts.get(i / samples).id(),
              i % samples,
              completion.ids(),
              text(policy.tokenizer(), completion),
              completion.logps(),
              completion.finish().name().toLowerCase(Locale.ROOT))
          .write(out);
    }
  }

  /** A response as text, without the token that ended it. */
  static String text(Tokenizer tokenizer, Completion completion) {
    int[] ids = completion.ids();
    boolean ended = completion.finish() == Completion.Finish.STOP;
    return tokenizer.decode(Arrays.copyOf(ids, ended ? ids.length - 1 : ids.length));
  }
}
