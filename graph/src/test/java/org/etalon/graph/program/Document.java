package org.etalon.graph.program;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * One document with what its targets bring; target t is ids[t + 1], so every array but {@code ids}
 * has one element less than {@code ids}.
 *
 * @param weights what each target's loss counts
 * @param inputs the objective's inputs by name
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Document(int[] ids, float[] weights, Map<String, float[]> inputs) {

  /** Random ids without weights or inputs. */
  static Document random(Random random, int vocabulary, int length) {
    return new Document(
        random.ints(length, 0, vocabulary).toArray(), new float[length - 1], Map.of());
  }

  int length() {
    return ids.length;
  }

  Document weighing(float... perTarget) {
    return new Document(ids, perTarget, inputs);
  }

  /** The same document with one more input. */
  Document with(String name, float... values) {
    Map<String, float[]> more = new HashMap<>(inputs);
    more.put(name, values);
    return new Document(ids, weights, more);
  }
}
