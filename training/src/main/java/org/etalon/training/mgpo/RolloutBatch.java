package org.etalon.training.mgpo;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.loss.GroupAdvantage;
import org.etalon.graph.program.TokenBatch;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.policy.Graded;
import org.etalon.training.policy.Response;

/**
 * The responses of one update as arrays for the trainer. Token ids and old log-probabilities are
 * exactly those that were sampled; text is never tokenised again. Rows are sorted by length and
 * padded to a multiple of 32 tokens, so that shapes are few.
 */
final class RolloutBatch {
  private static final int STEP = 32;

  /**
   * One response in the loss.
   *
   * @param group G, responses of its group
   * @param weight what each of its tokens counts
   */
  record Row(Response response, double advantage, int group, double weight) {
    int length() {
      return response.prompt().length + response.completion().ids().length;
    }
  }

  /**
   * A micro-batch and what the objective needs besides.
   *
   * @param rows its responses, at most its rows; the rest is padding
   */
  record Micro(TokenBatch tokens, Map<String, float[]> inputs, List<Row> rows) {
    /** Index in the flat arrays of a response's first token's prediction. */
    int first(int row) {
      return row * tokens.length() + rows.get(row).response().prompt().length - 1;
    }

    /** These inputs with one more. */
    Micro with(String name, float[] values) {
      Map<String, float[]> all = new HashMap<>(inputs);
      all.put(name, values);
      return new Micro(tokens, all, rows);
    }
  }

  private RolloutBatch() {}

  /**
   * The rows of informative groups with their token weights: 1/(groups · G · own tokens) for the
   * paper's mean of means, 1/(all tokens) for the token mean. G is the group's own number of
   * responses; a group of one carries no signal and is left out.
   */
  static List<Row> rows(
      List<Graded> groups, List<GroupAdvantage.Group> advantages, MgpoSettings settings) {
    List<Row> rows = new ArrayList<>();
    int kept = 0;
    long tokens = 0;
    for (int g = 0; g < groups.size(); g++) {
      List<Response> responses = groups.get(g).responses();
      boolean flat = settings.dropUninformative() && !advantages.get(g).informative();
      if (flat || responses.size() < 2) {
        continue;
      }
      kept++;
      for (int i = 0; i < responses.size(); i++) {
        Response response = responses.get(i);
        if (response.truncated() && settings.truncated() == MgpoSettings.Truncated.MASK) {
          continue;
        }
        tokens += response.completion().ids().length;
        rows.add(new Row(response, advantages.get(g).advantages()[i], responses.size(), 0));
      }
    }
    boolean sequences = settings.aggregation() == MgpoSettings.Aggregation.SEQUENCE_MEAN;
    List<Row> weighted = new ArrayList<>();
    for (Row row : rows) {
      double own = row.response().completion().ids().length;
      double weight = sequences ? 1 / (kept * row.group() * own) : 1.0 / tokens;
      weighted.add(new Row(row.response(), row.advantage(), row.group(), weight));
    }
    return weighted;
  }

  /**
   * The rows in micro-batches of {@code microRows}, shortest first. A micro-batch is made each time
   * its element is asked for: only those in use are held.
   */
  static List<Micro> pack(List<Row> rows, int microRows) {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingInt(Row::length));
    return Lists.transform(
        Lists.partition(sorted, microRows), part -> micro(List.copyOf(part), microRows));
  }

  private static Micro micro(List<Row> part, int rows) {
    int longest = part.get(part.size() - 1).length();
    int length = (longest + STEP - 1) / STEP * STEP;
    int[] ids = new int[rows * length];
    int[] targets = new int[rows * length];
    int[] positions = new int[rows * length];
    int[] segments = new int[rows * length];
    float[] weights = new float[rows * length];
    float[] old = new float[rows * length];
    float[] advantage = new float[rows * length];
    for (int r = 0; r < part.size(); r++) {
      Row row = part.get(r);
      int[] prompt = row.response().prompt();
      int[] completion = row.response().completion().ids();
      int start = r * length;
      System.arraycopy(prompt, 0, ids, start, prompt.length);
      System.arraycopy(completion, 0, ids, start + prompt.length, completion.length);
      Arrays.fill(segments, start, start + row.length(), 1);
      for (int t = 0; t < row.length(); t++) {
        positions[start + t] = t;
      }
      for (int t = 0; t < completion.length; t++) {
        int at = start + prompt.length - 1 + t;
        targets[at] = completion[t];
        weights[at] = (float) row.weight();
        old[at] = row.response().completion().logps()[t];
        advantage[at] = (float) row.advantage();
      }
    }
    return new Micro(
        new TokenBatch(rows, length, ids, targets, positions, segments, weights),
        Map.of("old_logp", old, "advantage", advantage),
        part);
  }
}
