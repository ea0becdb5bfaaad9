package org.etalon.data.text;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.etalon.data.DataException;
import org.etalon.data.batch.Example;
import org.etalon.data.text.jinja.FramedText;
import org.etalon.data.text.jinja.JinjaTemplate;

/**
 * Frames a conversation, straight to token ids: in the model's own chat template if its folder
 * brings one, otherwise in ChatML.
 *
 * <pre>
 * &lt;|im_start|&gt;user
 * {prompt}&lt;|im_end|&gt;
 * &lt;|im_start|&gt;assistant
 * {response}&lt;|im_end|&gt;
 * </pre>
 *
 * <p>Messages are data: nothing written in them is run as template code, opens or closes a turn, or
 * becomes a special token. Otherwise the ids are those of transformers' {@code
 * apply_chat_template}. The prompt's ids are always a prefix of the example's ids, so what is
 * trained on is what is sampled from.
 */
public final class ChatTemplate {
  private static final ImmutableList<String> CHAT_ML_TOKENS =
      ImmutableList.of("<|im_start|>", "<|im_end|>");
  private static final String CHAT_ML =
      """
      {% for message in messages %}\
      {{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}\
      {% endfor %}\
      {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""";

  private final Tokenizer tokenizer;
  private final JinjaTemplate template;
  private final ImmutableMap<String, String> tokens;
  private final int endId;

  private ChatTemplate(
      Tokenizer tokenizer, JinjaTemplate template, ImmutableMap<String, String> tokens) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.tokens = tokens;
    this.endId = end().orElse(tokenizer.eosId());
  }

  /**
   * The template that came with a tokenizer, or ChatML if none did.
   *
   * @return empty if none did and the tokenizer lacks ChatML's special tokens
   * @throws DataException naming file and line if the template is malformed or not supported
   */
  public static Optional<ChatTemplate> find(TokenizerFile tokenizer) {
    TemplateFiles files = tokenizer.templateFiles();
    if (files.template().isPresent()) {
      JinjaTemplate template = JinjaTemplate.parse(files.place(), files.template().get());
      return Optional.of(new ChatTemplate(tokenizer, template, files.tokens()));
    }
    return CHAT_ML_TOKENS.stream().allMatch(token -> tokenizer.specialId(token).isPresent())
        ? Optional.of(chatMl(tokenizer))
        : Optional.empty();
  }

  /**
   * The same where there must be one.
   *
   * @throws DataException also if there is none
   */
  public static ChatTemplate of(TokenizerFile tokenizer) {
    return find(tokenizer).orElseThrow(ChatTemplate::missing);
  }

  private static DataException missing() {
    return new DataException(
        "the model's folder brings no chat template, and its tokenizer lacks the special tokens "
            + String.join(" and ", CHAT_ML_TOKENS)
            + " of ChatML; put a "
            + TemplateFiles.TEMPLATE
            + " into the folder");
  }

  /**
   * ChatML without a system message.
   *
   * @throws DataException if the tokenizer lacks the special tokens
   */
  public static ChatTemplate chatMl(Tokenizer tokenizer) {
    if (!CHAT_ML_TOKENS.stream().allMatch(token -> tokenizer.specialId(token).isPresent())) {
      throw missing();
    }
    return new ChatTemplate(
        tokenizer, JinjaTemplate.parse("the ChatML template", CHAT_ML), ImmutableMap.of());
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

  /** Ids of a user's message and of what opens the response: what a rollout starts from. */
  public int[] prompt(String user) {
    return prompt(List.of(new Message("user", user)));
  }

  /**
   * Ids of a conversation, up to and including the opening of the assistant's next turn.
   *
   * @throws DataException if the template refuses the conversation
   */
  public int[] prompt(List<Message> conversation) {
    return tokenizer.encode(framed(conversation, true));
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

  /** The conversation as text, with the marks of what the template wrote. */
  FramedText framed(List<Message> conversation, boolean opensResponse) {
    List<Object> messages = new ArrayList<>();
    for (Message message : conversation) {
      messages.add(
          ImmutableMap.of(
              "role", FramedText.framing(message.role()),
              "content", FramedText.data(message.content())));
    }
    Map<String, Object> variables = new HashMap<>();
    variables.put("messages", messages);
    variables.put("add_generation_prompt", opensResponse);
    variables.put("tools", null);
    variables.put("documents", null);
    tokens.forEach((name, text) -> variables.put(name, FramedText.framing(text)));
    return template.render(variables);
  }

  /** The special token that follows a response in the template. */
  private OptionalInt end() {
    String response = "response";
    FramedText framed =
        framed(List.of(new Message("user", "prompt"), new Message("assistant", response)), false);
    int after = framed.text().lastIndexOf(response) + response.length();
    int[] tail = tokenizer.encode(framed.slice(after, framed.length()));
    return tail.length > 0 && tokenizer.isSpecial(tail[0])
        ? OptionalInt.of(tail[0])
        : OptionalInt.empty();
  }
}
