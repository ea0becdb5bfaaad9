package org.etalon.data.text;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.batch.Example;

/**
 * Frames a prompt and a response in ChatML, straight to token ids.
 *
 * <pre>
 * &lt;|im_start|&gt;user
 * {prompt}&lt;|im_end|&gt;
 * &lt;|im_start|&gt;assistant
 * {response}&lt;|im_end|&gt;
 * </pre>
 *
 * <p>A system message comes first, framed the same way, if there is one. The frame is made of
 * special token ids; prompt and response are ordinary text, so nothing written in them opens or
 * closes a turn. The prompt's ids are always a prefix of the example's ids, so what is trained on
 * is what is sampled from. Our choice: no system message unless one is asked for.
 */
public final class ChatTemplate {
  private static final String START = "<|im_start|>";
  private static final String END = "<|im_end|>";

  private final Tokenizer tokenizer;
  private final int startId;
  private final int endId;
  private final int[] newline;
  private final int[] system;
  private final int[] assistant;

  private ChatTemplate(Tokenizer tokenizer, Optional<String> systemMessage) {
    this.tokenizer = tokenizer;
    this.startId = required(tokenizer, START);
    this.endId = required(tokenizer, END);
    this.newline = tokenizer.encode("\n");
    this.system = systemMessage.map(text -> turn("system\n" + text)).orElse(new int[0]);
    this.assistant = Ints.concat(new int[] {startId}, tokenizer.encode("assistant\n"));
  }

  /**
   * ChatML without a system message.
   *
   * @throws DataException if the tokenizer lacks the special tokens
   */
  public static ChatTemplate chatMl(Tokenizer tokenizer) {
    return new ChatTemplate(tokenizer, Optional.empty());
  }

  /**
   * ChatML that opens with a system message.
   *
   * @throws DataException if the tokenizer lacks the special tokens
   */
  public static ChatTemplate chatMl(Tokenizer tokenizer, String systemMessage) {
    return new ChatTemplate(tokenizer, Optional.of(systemMessage));
  }

  /** Ids up to and including {@code assistant} and its line break: what a rollout starts from. */
  public int[] prompt(String user) {
    return Ints.concat(system, turn("user\n" + user), assistant);
  }

  /**
   * One message of a conversation.
   *
   * @param role {@code system}, {@code user} or {@code assistant}
   */
  public record Message(String role, String content) {
    private static final ImmutableSet<String> ROLES =
        ImmutableSet.of("system", "user", "assistant");

    public Message {
      if (!ROLES.contains(role)) {
        throw new DataException(
            "a message's role is one of " + ROLES + ", got \"" + role + "\"; correct it");
      }
    }
  }

  /** Ids of a conversation, up to and including the opening of the assistant's next turn. */
  public int[] prompt(List<Message> conversation) {
    boolean ownSystem = conversation.stream().anyMatch(m -> m.role().equals("system"));
    List<int[]> parts = new ArrayList<>();
    if (!ownSystem) {
      parts.add(system);
    }
    conversation.forEach(message -> parts.add(turn(message.role() + "\n" + message.content())));
    parts.add(assistant);
    return Ints.concat(parts.toArray(int[][]::new));
  }

  /** Prompt and response; the response's ids include the closing token, which is trained on. */
  public Example example(String prompt, String response) {
    int[] opening = prompt(prompt);
    int[] ids = Ints.concat(opening, tokenizer.encode(response), new int[] {endId});
    return new Example(ids, opening.length);
  }

  /** The id that closes a turn: a rollout stops when it samples this. */
  public int endId() {
    return endId;
  }

  private int[] turn(String text) {
    return Ints.concat(new int[] {startId}, tokenizer.encode(text), new int[] {endId}, newline);
  }

  private static int required(Tokenizer tokenizer, String text) {
    return tokenizer
        .specialId(text)
        .orElseThrow(
            () ->
                new DataException(
                    "the tokenizer has no special token "
                        + text
                        + "; use one with the ChatML tokens"));
  }
}
