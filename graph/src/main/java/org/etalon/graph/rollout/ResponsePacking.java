package org.etalon.graph.rollout;

import com.google.common.collect.Lists;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.graph.program.TokenBatch;

/**
 * Lays responses out as rows for training. Responses to one prompt lie behind one copy of it, which
 * each of them sees; several prompts share a row. The loss and its gradient are those of a row for
 * each response: positions, what a token sees and what it counts are the same.
 *
 * <p>A row that holds P tokens of prompt and responses of n₁, n₂, … tokens takes P − 1 + Σ n
 * positions: the last token of the prompt begins each response, and the last one of a response
 * predicts nothing.
 *
 * @param rows of a batch; a last one may have fewer
 * @param length positions of a row; where a response needs more, rows are as long as it needs
 * @param shares whether rows hold several responses; where not, each has its own
 */
public record ResponsePacking(int rows, int length, boolean shares) {
  private static final int STEP = 32;

  public ResponsePacking {
    if (rows < 1 || length < 1) {
      throw new IllegalArgumentException(
          "batches need at least 1 row of 1 position, got %d of %d".formatted(rows, length));
    }
  }

  /**
   * The length of a row that holds so many positions. Graphs are built for each length, so there
   * are few: at most eight between a power of two and the next, multiples of 32.
   */
  public static int rounded(int positions) {
    int step = Math.max(STEP, Integer.highestOneBit(positions) / 8);
    return (positions + step - 1) / step * step;
  }

  /**
   * The responses in batches, fullest rows first. A batch is made each time its element is asked
   * for: only those in use are held.
   */
  public List<ResponseBatch> pack(List<TrainedResponse> responses) {
    int room = room(responses);
    List<ResponseRow> filled = new ArrayList<>(shares ? shared(responses, room) : alone(responses));
    filled.sort(Comparator.comparingInt(ResponseRow::used).reversed());
    return Lists.transform(
        Lists.partition(filled, rows), part -> batch(List.copyOf(part), shares ? room : 0));
  }

  private int room(List<TrainedResponse> responses) {
    int longest =
        responses.stream().mapToInt(r -> r.before() + r.tokens()).reduce(length, Math::max);
    return rounded(longest);
  }

  private static List<ResponseRow> alone(List<TrainedResponse> responses) {
    List<ResponseRow> filled = new ArrayList<>();
    for (TrainedResponse response : responses) {
      ResponseRow row = new ResponseRow();
      row.add(List.of(response), response);
      filled.add(row);
    }
    return filled;
  }

  /** Best fit, long responses of large families first; rows that have the prompt come before. */
  private static List<ResponseRow> shared(List<TrainedResponse> responses, int room) {
    Map<IntBuffer, List<TrainedResponse>> byPrompt = new LinkedHashMap<>();
    for (TrainedResponse response : responses) {
      byPrompt
          .computeIfAbsent(IntBuffer.wrap(response.prompt()), p -> new ArrayList<>())
          .add(response);
    }
    List<List<TrainedResponse>> families = new ArrayList<>(byPrompt.values());
    families.sort(Comparator.comparingInt(ResponsePacking::tokens).reversed());
    List<ResponseRow> filled = new ArrayList<>();
    for (List<TrainedResponse> family : families) {
      family.sort(Comparator.comparingInt(TrainedResponse::tokens).reversed());
      for (TrainedResponse response : family) {
        place(filled, family, response, room);
      }
    }
    return filled;
  }

  private static int tokens(List<TrainedResponse> family) {
    return family.stream().mapToInt(TrainedResponse::tokens).sum();
  }

  private static void place(
      List<ResponseRow> filled, List<TrainedResponse> family, TrainedResponse response, int room) {
    Optional<ResponseRow> best =
        filled.stream()
            .filter(row -> row.used() + row.cost(family, response) <= room)
            .max(
                Comparator.<ResponseRow, Boolean>comparing(row -> row.holds(family))
                    .thenComparing(ResponseRow::used));
    ResponseRow row = best.orElseGet(ResponseRow::new);
    if (best.isEmpty()) {
      filled.add(row);
    }
    row.add(family, response);
  }

  /**
   * Few forms of a last batch, since graphs are built for each: halves of the full number of rows,
   * or, where that is one, shorter rows.
   *
   * @param least positions of a row where batches have several
   */
  private ResponseBatch batch(List<ResponseRow> part, int least) {
    int count = rows;
    while ((count + 1) / 2 >= part.size() && count > 1) {
      count = (count + 1) / 2;
    }
    int used = part.get(0).used();
    Layout layout = new Layout(count, rounded(rows > 1 ? Math.max(least, used) : used));
    for (int row = 0; row < part.size(); row++) {
      layout.fill(row, part.get(row));
    }
    return layout.batch();
  }

  /** The arrays of one batch. */
  private static final class Layout {
    private final int rows;
    private final int length;
    private final int[] ids;
    private final int[] targets;
    private final int[] positions;
    private final int[] segments;
    private final int[] prefixes;
    private final float[] weights;
    private final float[] old;
    private final float[] advantage;
    private final List<ResponseBatch.Placed> placed = new ArrayList<>();

    Layout(int rows, int length) {
      this.rows = rows;
      this.length = length;
      int size = rows * length;
      ids = new int[size];
      targets = new int[size];
      positions = new int[size];
      segments = new int[size];
      prefixes = new int[size];
      weights = new float[size];
      old = new float[size];
      advantage = new float[size];
    }

    void fill(int row, ResponseRow content) {
      int at = row * length;
      int document = 1;
      for (List<TrainedResponse> family : content.families()) {
        int[] prompt = family.get(0).prompt();
        int before = family.get(0).before();
        int prefix = document;
        System.arraycopy(prompt, 0, ids, at, before);
        mark(at, before, 0, document, document);
        at += before;
        // A response without siblings is one document with its prompt.
        boolean apart = family.size() > 1 && before > 0;
        for (TrainedResponse response : family) {
          if (apart) {
            document++;
          }
          ids[at] = prompt[before];
          put(response, at);
          mark(at, response.tokens(), before, document, apart ? prefix : document);
          at += response.tokens();
          if (!apart) {
            document++;
          }
        }
        document += apart ? 1 : 0;
      }
    }

    private void mark(int from, int count, int position, int document, int prefix) {
      Arrays.fill(segments, from, from + count, document);
      Arrays.fill(prefixes, from, from + count, prefix);
      for (int i = 0; i < count; i++) {
        positions[from + i] = position + i;
      }
    }

    private void put(TrainedResponse response, int at) {
      Completion completion = response.completion();
      int tokens = response.tokens();
      System.arraycopy(completion.ids(), 0, ids, at + 1, tokens - 1);
      System.arraycopy(completion.ids(), 0, targets, at, tokens);
      System.arraycopy(completion.logps(), 0, old, at, tokens);
      Arrays.fill(weights, at, at + tokens, (float) response.weight());
      Arrays.fill(advantage, at, at + tokens, (float) response.advantage());
      placed.add(new ResponseBatch.Placed(response, at));
    }

    ResponseBatch batch() {
      return new ResponseBatch(
          new TokenBatch(rows, length, ids, targets, positions, segments, prefixes, weights),
          Map.of("old_logp", old, "advantage", advantage),
          placed);
    }
  }
}
