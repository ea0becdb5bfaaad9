package org.etalon.training.generate;

import com.google.common.collect.ImmutableSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate.Message;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.etalon.training.policy.Policy;

/**
 * A conversation on the console: each line is a message, the response is written as it is drawn.
 * {@code /system TEXT} sets the system message and starts anew, {@code /reset} forgets what was
 * said, {@code /exit} or the end of the input ends.
 */
public final class Chat {
  private static final String SYSTEM = "/system";

  /** Our choice: few sizes of decoders, each of which keeps its cache. */
  private static final int SMALLEST = 256;

  private final Policy policy;
  private final Sampling sampling;
  private final int maxNewTokens;
  private final PrintStream out;
  private final List<Message> said = new ArrayList<>();
  private long turn;

  /**
   * @param policy the model; stays the caller's
   * @param maxNewTokens longest response, tokens; less where the window leaves less room
   * @param out where responses go
   */
  public Chat(Policy policy, Sampling sampling, int maxNewTokens, PrintStream out) {
    if (maxNewTokens < 1) {
      throw new DataException("--max-new-tokens must be at least 1, got " + maxNewTokens);
    }
    this.policy = policy;
    this.sampling = sampling;
    this.maxNewTokens = maxNewTokens;
    this.out = out;
  }

  /**
   * Answers every line.
   *
   * @param prompt printed before each line is read; empty where no person types
   */
  public void run(BufferedReader in, String prompt) throws IOException {
    while (true) {
      out.print(prompt);
      out.flush();
      String line = in.readLine();
      if (line == null || line.strip().equals("/exit")) {
        return;
      }
      if (!line.isBlank()) {
        hear(line.strip());
      }
    }
  }

  private void hear(String line) {
    if (line.equals("/reset")) {
      said.removeIf(message -> !message.role().equals("system"));
    } else if (line.equals(SYSTEM) || line.startsWith(SYSTEM + " ")) {
      said.clear();
      String text = line.substring(SYSTEM.length()).strip();
      if (!text.isEmpty()) {
        said.add(new Message("system", text));
      }
    } else if (line.matches("/[a-z]+")) {
      out.println("unknown command " + line + "; there are /system TEXT, /reset and /exit");
    } else {
      answer(line);
    }
  }

  private void answer(String line) {
    said.add(new Message("user", line));
    try {
      said.add(new Message("assistant", respond()));
    } catch (DataException e) {
      said.remove(said.size() - 1);
      out.println(e.getMessage());
    }
  }

  private String respond() {
    int[] ids = policy.template().prompt(said);
    int window = policy.program().config().maxPositions();
    int most = Math.min(maxNewTokens, window - ids.length);
    if (most < 1) {
      throw new DataException(
          "the conversation of %d tokens leaves no room in the model's window of %d; use /reset"
              .formatted(ids.length, window));
    }
    int prefill = SMALLEST;
    while (prefill < ids.length) {
      prefill *= 2;
    }
    var engine =
        new RolloutEngine(
            policy.decoder(1, Math.min(prefill, window - 1), Math.min(maxNewTokens, window - 1)),
            ImmutableSet.copyOf(policy.stopIds()));
    Typed typed = new Typed();
    Completion completion = engine.stream(new Request(ids, turn++, most), sampling, typed);
    String text = Generate.text(policy.tokenizer(), completion);
    typed.finish(text);
    return text;
  }

  /** Writes text as it grows; a character whose bytes are not all there yet waits. */
  private final class Typed implements IntConsumer {
    private final List<Integer> ids = new ArrayList<>();
    private int written;

    @Override
    public void accept(int id) {
      ids.add(id);
      if (!policy.stopIds().contains(id)) {
        write(policy.tokenizer().decode(ids.stream().mapToInt(Integer::intValue).toArray()), 1);
      }
    }

    private void write(String text, int held) {
      int end = text.endsWith("\ufffd") ? text.length() - held : text.length();
      if (end > written) {
        out.print(text.substring(written, end));
        out.flush();
        written = end;
      }
    }

    void finish(String text) {
      write(text, 0);
      out.println();
    }
  }
}
