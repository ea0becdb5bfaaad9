package org.etalon.savedmodels.client;

import com.google.common.primitives.Floats;
import com.google.common.primitives.Ints;
import org.etalon.graph.decode.GenerateGraph;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;

/**
 * An answer that comes piece by piece, each request going on from what came before. The tokens are
 * those of one request: random numbers are keyed by seed and position.
 *
 * @param ask what is wanted in all
 * @param answer what has come
 * @param ended whether nothing more can come: a stop token, the limit, or the model's window
 */
record GrowingAnswer(Ask ask, Answer answer, boolean ended) {
  /** Nothing has come yet. */
  static GrowingAnswer of(Ask ask) {
    Answer empty = new Answer(new int[0], new float[0], GenerateGraph.LENGTH);
    return new GrowingAnswer(ask, empty, ask.maxNewTokens() == 0);
  }

  private int wanted(int pieceTokens) {
    return Math.min(pieceTokens, ask.maxNewTokens() - answer.ids().length);
  }

  /** What asks for the next piece. */
  Ask next(int pieceTokens) {
    return new Ask(
        Ints.concat(ask.ids(), answer.ids()),
        ask.temperature(),
        ask.topK(),
        ask.topP(),
        ask.seed(),
        wanted(pieceTokens));
  }

  /** With the answer to {@link #next}. */
  GrowingAnswer plus(Answer piece, int pieceTokens) {
    // Fewer without a stop: the model's window is full.
    boolean cut = piece.ids().length < wanted(pieceTokens);
    Answer whole =
        new Answer(
            Ints.concat(answer.ids(), piece.ids()),
            Floats.concat(answer.logps(), piece.logps()),
            piece.finishReason());
    boolean full = whole.ids().length == ask.maxNewTokens();
    return new GrowingAnswer(ask, whole, piece.finishReason() == GenerateGraph.STOP || cut || full);
  }
}
