package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.etalon.graph.oracle.NaiveLosses;
import org.etalon.graph.oracle.NaiveTransformer;

/**
 * Six documents of odd lengths with some of their targets masked out, and the naive loss of them.
 *
 * @param documents weighted by mask over the number of counted targets
 * @param mask which targets count, [document][target]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SftBatch(List<Document> documents, boolean[][] mask, int vocabulary) {
  private static final int[] LENGTHS = {5, 2, 4, 13, 1, 9};

  static SftBatch random(int vocabulary, long seed) {
    Random random = new Random(seed);
    boolean[][] mask = new boolean[LENGTHS.length][];
    int count = 0;
    for (int d = 0; d < LENGTHS.length; d++) {
      mask[d] = new boolean[LENGTHS[d] - 1];
      for (int t = 0; t < mask[d].length; t++) {
        mask[d][t] = random.nextInt(3) > 0;
        count += mask[d][t] ? 1 : 0;
      }
    }
    List<Document> documents = new ArrayList<>();
    for (boolean[] row : mask) {
      float[] weights = new float[row.length];
      for (int t = 0; t < row.length; t++) {
        weights[t] = row[t] ? 1f / count : 0;
      }
      documents.add(Document.random(random, vocabulary, row.length + 1).weighing(weights));
    }
    return new SftBatch(documents, mask, vocabulary);
  }

  /** Mean cross-entropy of the counted targets, nats. */
  double naiveLoss(NaiveTransformer naive) {
    double[][] logProbs = new double[mask.length][];
    for (int d = 0; d < mask.length; d++) {
      int[] ids = documents.get(d).ids();
      int[] positions = IntStream.range(0, ids.length).toArray();
      logProbs[d] = naive.logProbs(ids, positions, new int[ids.length], 1);
    }
    return NaiveLosses.crossEntropy(logProbs, mask);
  }

  /** Three rows, several documents in a row. */
  List<List<Document>> packedRows() {
    return List.of(documents.subList(0, 3), documents.subList(3, 4), documents.subList(4, 6));
  }

  /** {@link #packedRows()} as one batch. */
  Layout packed(long paddingSeed) {
    return Layout.of(packedRows(), 14, vocabulary, paddingSeed);
  }
}
