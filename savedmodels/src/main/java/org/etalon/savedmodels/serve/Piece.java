package org.etalon.savedmodels.serve;

import org.etalon.savedmodels.export.ServedModel.Ask;

/**
 * A stretch of a row's generation, run as one row of a batch.
 *
 * @param ask the prompt with all that was generated before, and how far to go on
 * @param eager whether someone watches the tokens come: no row of the batch then runs longer
 */
record Piece(Ask ask, boolean eager) {
  /** The same row, asked for at most so many tokens. */
  Ask limited(int tokens) {
    return new Ask(
        ask.ids(),
        ask.temperature(),
        ask.topK(),
        ask.topP(),
        ask.seed(),
        Math.min(tokens, ask.maxNewTokens()));
  }
}
