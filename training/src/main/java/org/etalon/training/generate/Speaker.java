package org.etalon.training.generate;

import java.util.function.IntConsumer;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.rollout.Completion;

/** Who answers in a conversation. */
public interface Speaker {
  /** The model's. */
  TokenizerFile tokenizer();

  /** How conversations are framed. */
  ChatTemplate template();

  /**
   * Answers a framed conversation.
   *
   * @param turn how many answers there were before
   * @param token told each token as it comes, but for one that ends the answer
   * @throws DataException if the conversation is too long, or nobody can answer it
   */
  Completion answer(int[] ids, long turn, IntConsumer token);
}
