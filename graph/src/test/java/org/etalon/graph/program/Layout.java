package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Documents laid out as one batch: row by row, documents of a row one after the other, the rest of
 * the row filled with padding whose ids, targets, positions and inputs are random.
 *
 * @param rows the documents of each row
 * @param batch what the program takes
 * @param inputs the objective's inputs
 */
record Layout(List<List<Document>> rows, TokenBatch batch, Map<String, float[]> inputs) {
  private static final int PADDING_SEGMENT = -1;

  /** A layout of {@code rows} in rows of {@code length} positions. */
  static Layout of(List<List<Document>> rows, int length, int vocabulary, long paddingSeed) {
    Random random = new Random(paddingSeed);
    int size = rows.size() * length;
    int[] ids = random.ints(size, 0, vocabulary).toArray();
    int[] targets = random.ints(size, 0, vocabulary).toArray();
    int[] positions = random.ints(size, 0, 50).toArray();
    int[] segments = new int[size];
    float[] weights = new float[size];
    Map<String, float[]> inputs = new HashMap<>();
    for (String name : rows.get(0).get(0).inputs().keySet()) {
      inputs.put(name, new float[size]);
      for (int i = 0; i < size; i++) {
        inputs.get(name)[i] = (float) random.nextGaussian();
      }
    }
    for (int row = 0; row < rows.size(); row++) {
      int at = row * length;
      for (int d = 0; d < rows.get(row).size(); d++) {
        Document document = rows.get(row).get(d);
        for (int t = 0; t < document.length(); t++, at++) {
          ids[at] = document.ids()[t];
          positions[at] = t;
          segments[at] = d;
          if (t + 1 < document.length()) {
            targets[at] = document.ids()[t + 1];
            weights[at] = document.weights()[t];
            int from = t;
            int to = at;
            inputs.forEach((name, values) -> values[to] = document.inputs().get(name)[from]);
          }
        }
      }
      Arrays.fill(segments, at, (row + 1) * length, PADDING_SEGMENT);
    }
    return new Layout(
        rows,
        new TokenBatch(rows.size(), length, ids, targets, positions, segments, weights),
        inputs);
  }

  /** One document per row, all rows as long as the longest document plus {@code extra}. */
  static Layout padded(List<Document> documents, int extra, int vocabulary, long paddingSeed) {
    int longest = documents.stream().mapToInt(Document::length).max().orElseThrow();
    return of(documents.stream().map(List::of).toList(), longest + extra, vocabulary, paddingSeed);
  }

  /** A batch for each document, without padding. */
  static List<Layout> unpacked(List<Document> documents, int vocabulary) {
    List<Layout> layouts = new ArrayList<>();
    for (Document document : documents) {
      layouts.add(of(List.of(List.of(document)), document.length(), vocabulary, 0));
    }
    return layouts;
  }

  /** The part of a flat result that belongs to the targets of one document. */
  float[] targetsOf(float[] flat, int row, int index) {
    int at = row * batch.length();
    for (int d = 0; d < index; d++) {
      at += rows.get(row).get(d).length();
    }
    float[] part = new float[rows.get(row).get(index).length() - 1];
    System.arraycopy(flat, at, part, 0, part.length);
    return part;
  }
}
