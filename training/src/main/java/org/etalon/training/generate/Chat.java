package org.etalon.training.generate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate.Message;
import org.etalon.graph.rollout.Completion;

/**
 * A conversation on the console: each line is a message, the response is written as it is drawn.
 * {@code /system TEXT} sets the system message and starts anew, {@code /reset} forgets what was
 * said, {@code /exit} or the end of the input ends.
 */
public final class Chat {
  private static final String SYSTEM = "/system";

  private final Speaker speaker;
  private final PrintStream out;
  private final List<Message> said = new ArrayList<>();
  private long turn;

  /**
   * @param speaker answers; stays the caller's
   * @param out where responses go
   */
  public Chat(Speaker speaker, PrintStream out) {
    this.speaker = speaker;
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
    Typed typed = new Typed();
    Completion completion = speaker.answer(speaker.template().prompt(said), turn++, typed);
    String text = Generate.text(speaker.tokenizer(), completion);
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
      write(speaker.tokenizer().decode(ids.stream().mapToInt(Integer::intValue).toArray()), 1);
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
