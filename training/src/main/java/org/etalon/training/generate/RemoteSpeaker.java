package org.etalon.training.generate;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.decode.GenerateGraph;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.savedmodels.client.ServerException;
import org.etalon.savedmodels.client.ServingClient;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.training.policy.Seeds;

/**
 * A model that is served elsewhere, asked for a few tokens at a time.
 *
 * @param client of the servers; stays the caller's
 * @param tokenizer the model's; stays the caller's
 * @param maxNewTokens longest answer, tokens; less where the served model's window ends
 */
public record RemoteSpeaker(
    ServingClient client,
    TokenizerFile tokenizer,
    ChatTemplate template,
    Sampling sampling,
    int maxNewTokens)
    implements Speaker {
  /** Our choice: each piece reads the conversation anew, and a person reads words. */
  private static final int PIECE = 8;

  @Override
  public Completion answer(int[] ids, long turn, IntConsumer token) {
    Ask ask =
        new Ask(
            ids,
            (float) sampling.temperature(),
            sampling.topK(),
            (float) sampling.topP(),
            Seeds.of(sampling.seed(), "chat", turn),
            maxNewTokens);
    try {
      Answer answer = client.stream(ask, PIECE, piece -> tell(piece, token));
      if (answer.ids().length == 0) {
        throw new DataException(
            "the conversation of %d tokens leaves no room in the model's window; use /reset"
                .formatted(ids.length));
      }
      return new Completion(
          answer.ids(),
          answer.logps(),
          isStopped(answer) ? Completion.Finish.STOP : Completion.Finish.LENGTH);
    } catch (ServerException e) {
      throw new DataException(
          e.getMessage() + "; check --server and the server's log, or use /reset", e);
    }
  }

  private static boolean isStopped(Answer answer) {
    return answer.finishReason() == GenerateGraph.STOP;
  }

  private static boolean tell(Answer piece, IntConsumer token) {
    int shown = piece.ids().length - (isStopped(piece) ? 1 : 0);
    Arrays.stream(piece.ids(), 0, shown).forEach(token);
    return true;
  }
}
