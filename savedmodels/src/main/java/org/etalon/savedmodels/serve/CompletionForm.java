package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import org.etalon.graph.decode.GenerateGraph;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;

/**
 * OpenAI's JSON of one completion, whole or as events.
 *
 * @param chat whether answers are messages
 * @param id of the completion
 * @param created seconds since 1970
 */
record CompletionForm(boolean chat, String model, String id, long created) {
  static CompletionForm of(boolean chat, String model) {
    String id = (chat ? "chatcmpl-" : "cmpl-") + UUID.randomUUID().toString().replace("-", "");
    return new CompletionForm(chat, model, id, System.currentTimeMillis() / 1000);
  }

  private ObjectNode frame(String object) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    return node.put("id", id).put("object", object).put("created", created).put("model", model);
  }

  /** The whole answer. */
  ObjectNode whole(List<Ask> asks, List<Answer> answers, List<String> texts, int prompts) {
    ObjectNode node = frame(chat ? "chat.completion" : "text_completion");
    var choices = node.putArray("choices");
    for (int i = 0; i < texts.size(); i++) {
      ObjectNode choice = choices.addObject().put("index", i);
      if (chat) {
        choice.putObject("message").put("role", "assistant").put("content", texts.get(i));
      } else {
        choice.put("text", texts.get(i));
      }
      choice.putNull("logprobs").put("finish_reason", reason(answers.get(i)));
    }
    node.set("usage", usage(asks, answers, prompts));
    return node;
  }

  private ObjectNode event() {
    return frame(chat ? "chat.completion.chunk" : "text_completion");
  }

  /** The opening of a message. */
  ObjectNode opening(int index) {
    ObjectNode node = event();
    ObjectNode choice = node.putArray("choices").addObject().put("index", index);
    choice.putObject("delta").put("role", "assistant").put("content", "");
    choice.putNull("finish_reason");
    return node;
  }

  /** More text of an answer. */
  ObjectNode more(int index, String text) {
    ObjectNode node = event();
    ObjectNode choice = node.putArray("choices").addObject().put("index", index);
    if (chat) {
      choice.putObject("delta").put("content", text);
    } else {
      choice.put("text", text).putNull("logprobs");
    }
    choice.putNull("finish_reason");
    return node;
  }

  /** The end of an answer. */
  ObjectNode end(int index, Answer answer) {
    ObjectNode node = event();
    ObjectNode choice = node.putArray("choices").addObject().put("index", index);
    if (chat) {
      choice.putObject("delta");
    } else {
      choice.put("text", "").putNull("logprobs");
    }
    choice.put("finish_reason", reason(answer));
    return node;
  }

  /** The numbers of tokens, after all answers. */
  ObjectNode total(List<Ask> asks, List<Answer> answers, int prompts) {
    ObjectNode node = event();
    node.putArray("choices");
    node.set("usage", usage(asks, answers, prompts));
    return node;
  }

  /** A prompt counts once, however many answers it has. */
  private static ObjectNode usage(List<Ask> asks, List<Answer> answers, int prompts) {
    int each = asks.size() / prompts;
    int prompted = 0;
    for (int i = 0; i < asks.size(); i += each) {
      prompted += asks.get(i).ids().length;
    }
    int completed = answers.stream().mapToInt(answer -> answer.ids().length).sum();
    return Json.MAPPER
        .createObjectNode()
        .put("prompt_tokens", prompted)
        .put("completion_tokens", completed)
        .put("total_tokens", prompted + completed);
  }

  private static String reason(Answer answer) {
    return answer.finishReason() == GenerateGraph.STOP ? "stop" : "length";
  }
}
