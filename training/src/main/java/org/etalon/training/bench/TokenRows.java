package org.etalon.training.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.etalon.data.AtomicFile;
import org.etalon.graph.program.TokenBatch;

/**
 * Rows of random tokens, each one document or several of equal length side by side.
 *
 * @param rows B
 * @param length T, tokens a row
 * @param documents documents a row
 * @param ids token ids, flat row-major
 */
record TokenRows(int rows, int length, int documents, int[] ids) {
  private static final ObjectMapper JSON = new ObjectMapper();

  TokenRows {
    if (rows < 1 || documents < 1 || length < 2 * documents || length % documents != 0) {
      throw new IllegalArgumentException(
          "expected rows of documents of equal length, at least 2 tokens each, got %d rows of %d tokens in %d documents; choose --context as a multiple of --documents"
              .formatted(rows, length, documents));
    }
  }

  /** Every token of the vocabulary equally likely. */
  static TokenRows random(int rows, int length, int documents, int vocabulary, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ids = new int[Math.multiplyExact(rows, length)];
    Arrays.setAll(ids, i -> random.nextInt(vocabulary));
    return new TokenRows(rows, length, documents, ids);
  }

  /** Tokens of one document. */
  int document() {
    return length / documents;
  }

  /** The mean loss of every token but the first of each document, as Hugging Face has it. */
  TokenBatch batch() {
    int size = ids.length;
    int[] targets = new int[size];
    int[] positions = new int[size];
    int[] segments = new int[size];
    float[] weights = new float[size];
    float share = 1f / (rows * documents * (document() - 1));
    for (int i = 0; i < size; i++) {
      positions[i] = i % document();
      segments[i] = 1 + i % length / document();
      boolean last = positions[i] == document() - 1;
      targets[i] = last ? 0 : ids[i + 1];
      weights[i] = last ? 0 : share;
    }
    return new TokenBatch(rows, length, ids, targets, positions, segments, weights);
  }

  /** Writes {@code {"rows", "length", "documents", "ids"}} for another program. */
  void write(Path file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", rows);
    json.put("length", length);
    json.put("documents", documents);
    json.put("ids", ids);
    AtomicFile.write(file, out -> out.write(JSON.writeValueAsBytes(json)));
  }
}
