package org.etalon.training.generate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.etalon.data.DataException;
import org.etalon.graph.program.Scorer;
import org.etalon.graph.program.TokenBatch;
import org.etalon.training.policy.Policy;

/** Log-probabilities of given texts under a model's full distribution, at temperature 1. */
public final class Score {
  private static final ImmutableSet<String> FIELDS = ImmutableSet.of("text", "ids");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int HEAD_CHUNK = 1024;

  /** Lengths are rounded up to this, so that graphs are few. */
  private static final int STEP = 64;

  /** Tokens of one batch, unless a single text is longer. */
  private static final int BATCH = 2048;

  private final Policy policy;
  private final Scorer scorer;

  /**
   * @param policy the model; stays the caller's
   */
  public Score(Policy policy) {
    this.policy = policy;
    this.scorer = new Scorer(policy.program(), HEAD_CHUNK);
  }

  /**
   * What is scored.
   *
   * @param ids at least one token
   */
  public record Text(String place, String id, int[] ids) {}

  /**
   * The texts of a file of JSON lines, each with {@code text} or {@code ids}.
   *
   * @throws DataException naming file, line and field
   */
  public List<Text> read(Path file) {
    int vocabulary = policy.program().config().vocabulary();
    int window = policy.program().config().maxPositions();
    List<Text> texts = new ArrayList<>();
    for (JsonLines.Line line : JsonLines.read(file, FIELDS)) {
      int[] ids =
          line.has("ids")
              ? line.ids("ids", vocabulary, 1)
              : policy.tokenizer().encode(line.text("text"));
      if (ids.length == 0 || ids.length > window) {
        throw new DataException(
            "%s: expected 1 to %d tokens, the model's window, got %d; change the text"
                .formatted(line.place(), window, ids.length));
      }
      texts.add(new Text(line.place(), line.id(), ids));
    }
    return texts;
  }

  /** Natural log-probabilities of each text's tokens given those before, one fewer than tokens. */
  public List<float[]> score(List<Text> texts) {
    List<float[]> scores = new ArrayList<>();
    int from = 0;
    while (from < texts.size()) {
      int length = rounded(texts.get(from));
      int rows = Math.max(1, BATCH / length);
      int to = from + 1;
      // Neighbours of the same rounded length share a batch; the order stays.
      while (to < texts.size() && to - from < rows && rounded(texts.get(to)) == length) {
        to++;
      }
      scores.addAll(batch(texts.subList(from, to), rows, length));
      from = to;
    }
    return scores;
  }

  private static int rounded(Text text) {
    return (text.ids().length + STEP - 1) / STEP * STEP;
  }

  private List<float[]> batch(List<Text> texts, int rows, int length) {
    int[] ids = new int[rows * length];
    int[] targets = new int[rows * length];
    int[] positions = new int[rows * length];
    int[] segments = new int[rows * length];
    float[] weights = new float[rows * length];
    for (int r = 0; r < texts.size(); r++) {
      int[] text = texts.get(r).ids();
      int start = r * length;
      System.arraycopy(text, 0, ids, start, text.length);
      System.arraycopy(text, 1, targets, start, text.length - 1);
      Arrays.fill(segments, start, start + text.length, 1);
      Arrays.fill(weights, start, start + text.length - 1, 1);
      for (int t = 0; t < text.length; t++) {
        positions[start + t] = t;
      }
    }
    var tokens = new TokenBatch(rows, length, ids, targets, positions, segments, weights);
    float[] logps = scorer.score(tokens, 1).logps();
    List<float[]> scores = new ArrayList<>();
    for (int r = 0; r < texts.size(); r++) {
      int start = r * length;
      scores.add(Arrays.copyOfRange(logps, start, start + texts.get(r).ids().length - 1));
    }
    return scores;
  }

  /** Writes one JSON line per text, in order: {@code id, ids, logprobs}. */
  public void write(List<Text> texts, OutputStream out) throws IOException {
    int step = BATCH / STEP;
    for (int from = 0; from < texts.size(); from += step) {
      List<Text> part = texts.subList(from, Math.min(from + step, texts.size()));
      List<float[]> scores = score(part);
      for (int i = 0; i < part.size(); i++) {
        out.write(
            JSON.writeValueAsBytes(
                ImmutableMap.of(
                    "id", part.get(i).id(), "ids", part.get(i).ids(), "logprobs", scores.get(i))));
        out.write('\n');
      }
    }
  }
}
