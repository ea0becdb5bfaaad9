package org.etalon.training.sft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.etalon.data.batch.BatchStream;
import org.etalon.data.batch.PackedBatch;
import org.etalon.graph.program.TokenBatch;

/**
 * One step's batch, ready for the trainer, with where its stream stands behind it: a checkpoint
 * must name the batches that were trained on, not those that were prepared.
 *
 * @param parts micro-batches whose weights add up to 1 over all of them
 * @param tokens tokens of the whole batch, padding left out
 * @param position of the stream behind this batch
 * @param epochs consumed with this batch
 */
record SftBatch(List<TokenBatch> parts, int tokens, BatchStream.Position position, double epochs) {
  SftBatch {
    parts = List.copyOf(parts);
  }

  /**
   * The next batches of a stream, each made when it is asked for.
   *
   * @param microRows rows of a micro-batch; divides the rows of a batch
   * @param count how many batches there are
   */
  static Iterator<SftBatch> of(BatchStream stream, int microRows, long count) {
    return new Iterator<>() {
      private long left = count;

      @Override
      public boolean hasNext() {
        return left > 0;
      }

      @Override
      public SftBatch next() {
        if (left == 0) {
          throw new NoSuchElementException("all " + count + " batches were given");
        }
        left--;
        PackedBatch batch = stream.next();
        return new SftBatch(
            parts(batch, microRows), batch.tokens(), stream.position(), stream.epochs());
      }
    };
  }

  private static List<TokenBatch> parts(PackedBatch batch, int microRows) {
    float share = 1f / Math.max(1, batch.trainedTokens());
    List<TokenBatch> parts = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row += microRows) {
      int a = row * batch.length();
      int b = (row + microRows) * batch.length();
      float[] weights = Arrays.copyOfRange(batch.mask(), a, b);
      for (int i = 0; i < weights.length; i++) {
        weights[i] *= share;
      }
      parts.add(
          new TokenBatch(
              microRows,
              batch.length(),
              Arrays.copyOfRange(batch.ids(), a, b),
              Arrays.copyOfRange(batch.targets(), a, b),
              Arrays.copyOfRange(batch.positions(), a, b),
              Arrays.copyOfRange(batch.segments(), a, b),
              weights));
    }
    return parts;
  }
}
