package org.etalon.savedmodels.export;

import java.util.List;
import org.etalon.savedmodels.export.ServedModel.Ask;

/** What a batch of asks gives each row besides its prompt, by input; entry i belongs to ask i. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record AskColumns(
    float[] temperature, int[] topK, float[] topP, long[] seed, int[] maxNewTokens) {
  /** The columns of a batch. */
  public static AskColumns of(List<Ask> asks) {
    int b = asks.size();
    var columns = new AskColumns(new float[b], new int[b], new float[b], new long[b], new int[b]);
    for (int i = 0; i < b; i++) {
      Ask ask = asks.get(i);
      columns.temperature[i] = ask.temperature();
      columns.topK[i] = ask.topK();
      columns.topP[i] = ask.topP();
      columns.seed[i] = ask.seed();
      columns.maxNewTokens[i] = ask.maxNewTokens();
    }
    return columns;
  }
}
