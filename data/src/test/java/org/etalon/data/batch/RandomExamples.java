package org.etalon.data.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Examples of random lengths whose ids tell which example and token they are. */
final class RandomExamples {
  private RandomExamples() {}

  static List<Example> of(int count, int maxLength, long seed) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int[] ids = new int[2 + random.nextInt(maxLength - 1)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = 1000 * (n + 1) + i;
      }
      examples.add(new Example(ids, random.nextInt(ids.length)));
    }
    return examples;
  }
}
