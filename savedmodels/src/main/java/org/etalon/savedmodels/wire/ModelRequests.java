package org.etalon.savedmodels.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.etalon.savedmodels.export.AskColumns;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.PredictRequest;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;

/**
 * Prompts and texts as the tensors of the signatures {@value #GENERATE} and {@value #SCORE}: rows
 * of ids padded on the right, and one number a row for everything else.
 */
public final class ModelRequests {
  /** Generation. */
  public static final String GENERATE = "serving_default";

  /** Log-probabilities of given tokens. */
  public static final String SCORE = "score";

  private static final Set<String> GENERATE_KEYS =
      Set.of("ids", "lengths", "temperature", "top_k", "top_p", "seed", "max_new_tokens");
  private static final Set<String> SCORE_KEYS = Set.of("ids", "lengths");

  private ModelRequests() {}

  /** The inputs of a generation. */
  public static Map<String, TensorProto> generate(List<Ask> asks) {
    int b = asks.size();
    AskColumns columns = AskColumns.of(asks);
    List<int[]> rows = asks.stream().map(Ask::ids).toList();
    return Map.of(
        "ids", ids(rows),
        "lengths", lengths(rows),
        "temperature", TensorCodec.of(columns.temperature(), b),
        "top_k", TensorCodec.of(columns.topK(), b),
        "top_p", TensorCodec.of(columns.topP(), b),
        "seed", TensorCodec.of(columns.seed(), b),
        "max_new_tokens", TensorCodec.of(columns.maxNewTokens(), b));
  }

  /** The inputs of a scoring. */
  public static Map<String, TensorProto> score(List<int[]> rows) {
    return Map.of("ids", ids(rows), "lengths", lengths(rows));
  }

  private static TensorProto ids(List<int[]> rows) {
    int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
    int[] ids = new int[rows.size() * longest];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, ids, i * longest, rows.get(i).length);
    }
    return TensorCodec.of(ids, rows.size(), longest);
  }

  private static TensorProto lengths(List<int[]> rows) {
    return TensorCodec.of(rows.stream().mapToInt(row -> row.length).toArray(), rows.size());
  }

  /**
   * The prompts of a generation.
   *
   * @throws IllegalArgumentException naming the input that is missing, unknown or wrong
   */
  public static List<Ask> asks(PredictRequest request, Bounds bounds) {
    checkKeys(request, GENERATE_KEYS);
    List<int[]> rows = prompts(request, bounds);
    int b = rows.size();
    float[] temperature =
        TensorCodec.floats("temperature", vector(request, "temperature", DataType.DT_FLOAT, b), b);
    int[] topK = TensorCodec.ints("top_k", vector(request, "top_k", DataType.DT_INT32, b), b);
    float[] topP = TensorCodec.floats("top_p", vector(request, "top_p", DataType.DT_FLOAT, b), b);
    long[] seed = TensorCodec.longs("seed", vector(request, "seed", DataType.DT_INT64, b), b);
    int[] maxNew =
        TensorCodec.ints(
            "max_new_tokens", vector(request, "max_new_tokens", DataType.DT_INT32, b), b);
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < b; i++) {
      if (maxNew[i] > bounds.newTokens()) {
        throw WireException.of(
            "row %d: max_new_tokens must be at most %d here, got %d; ask for less and go on from"
                + " the answer",
            i, bounds.newTokens(), maxNew[i]);
      }
      try {
        asks.add(new Ask(rows.get(i), temperature[i], topK[i], topP[i], seed[i], maxNew[i]));
      } catch (IllegalArgumentException e) {
        throw WireException.of("row %d: %s", i, e.getMessage());
      }
    }
    return asks;
  }

  /**
   * The texts of a scoring.
   *
   * @throws IllegalArgumentException naming the input that is missing, unknown or wrong
   */
  public static List<int[]> texts(PredictRequest request, Bounds bounds) {
    checkKeys(request, SCORE_KEYS);
    return prompts(request, bounds);
  }

  private static void checkKeys(PredictRequest request, Set<String> expected) {
    Set<String> got = new TreeSet<>(request.getInputsMap().keySet());
    if (!got.equals(expected)) {
      throw WireException.of(
          "expected the inputs %s, got %s; send exactly those of the signature",
          new TreeSet<>(expected), got);
    }
  }

  private static TensorProto vector(PredictRequest request, String key, DataType type, int rows) {
    TensorProto tensor = request.getInputsOrThrow(key);
    int got = TensorCodec.shape(key, tensor, type, 1, Integer.MAX_VALUE)[0];
    if (got != rows) {
      throw WireException.of(
          "input \"%s\": expected %d rows as in \"ids\", got %d; send one value a row",
          key, rows, got);
    }
    return tensor;
  }

  private static List<int[]> prompts(PredictRequest request, Bounds bounds) {
    TensorProto ids_BT = request.getInputsOrThrow("ids");
    long most = (long) bounds.rows() * bounds.window();
    int[] shape = TensorCodec.shape("ids", ids_BT, DataType.DT_INT32, 2, most);
    int b = shape[0];
    int t = shape[1];
    if (b < 1 || b > bounds.rows()) {
      throw WireException.of("a request has 1 to %d rows here, got %d", bounds.rows(), b);
    }
    int[] lengths =
        TensorCodec.ints("lengths", vector(request, "lengths", DataType.DT_INT32, b), b);
    int[] ids = TensorCodec.ints("ids", ids_BT, b * t);
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < b; i++) {
      rows.add(row(ids, i, t, lengths[i], bounds));
    }
    return rows;
  }

  private static int[] row(int[] ids, int row, int t, int length, Bounds bounds) {
    if (length < 1 || length > t || length > bounds.window()) {
      throw WireException.of(
          "row %d: expected a length of 1 to %d, the columns of \"ids\" within the model's window"
              + " of %d, got %d; shorten the row or correct its length",
          row, Math.min(t, bounds.window()), bounds.window(), length);
    }
    int[] values = Arrays.copyOfRange(ids, row * t, row * t + length);
    for (int id : values) {
      if (id < 0 || id >= bounds.vocabulary()) {
        throw WireException.of(
            "row %d: token id %d is outside the vocabulary of %d; use the model's own tokenizer",
            row, id, bounds.vocabulary());
      }
    }
    return values;
  }
}
