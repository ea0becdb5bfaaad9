package org.etalon.data.prepare;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.etalon.data.decontaminate.WordHashes;
import org.etalon.data.problem.Problem;

/**
 * Which output a problem goes to, by a hash of the seed and its prompt's words: the same question
 * is in the same split wherever it stands and whatever else there is.
 *
 * @param shares of each split, adding up to 1
 * @param seed another one gives other splits
 */
record Splits(Map<String, Double> shares, long seed) {
  static final String ONE = "problems";

  List<String> names() {
    return shares.isEmpty() ? List.of(ONE) : List.copyOf(shares.keySet());
  }

  String of(Problem problem) {
    if (shares.isEmpty()) {
      return ONE;
    }
    long hash = seed * 0x9E3779B97F4A7C15L;
    long[] words = WordHashes.of(problem.prompt());
    for (long word : words) {
      hash = (hash ^ word) * 0xC2B2AE3D27D4EB4FL;
    }
    if (words.length == 0) {
      hash ^=
          Hashing.sha256().hashString(problem.prompt().strip(), StandardCharsets.UTF_8).asLong();
    }
    hash = (hash ^ (hash >>> 29)) * 0xBF58476D1CE4E5B9L;
    double point = ((hash ^ (hash >>> 32)) >>> 11) * 0x1p-53;
    String last = "";
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      point -= share.getValue();
      last = share.getValue() > 0 ? share.getKey() : last;
      if (point < 0) {
        return share.getKey();
      }
    }
    return last;
  }
}
