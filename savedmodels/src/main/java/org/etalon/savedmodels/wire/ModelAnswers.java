package org.etalon.savedmodels.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;

/** Generated tokens and scores as the output tensors of the two signatures. */
public final class ModelAnswers {
  private ModelAnswers() {}

  /**
   * The outputs of a generation.
   *
   * @param columns N, at least as many as the longest answer has tokens
   * @param padId what fills a row after its end
   */
  public static Map<String, TensorProto> generated(List<Answer> answers, int columns, int padId) {
    int b = answers.size();
    int[] ids = new int[b * columns];
    float[] logps = new float[b * columns];
    int[] lengths = new int[b];
    int[] finish = new int[b];
    Arrays.fill(ids, padId);
    for (int i = 0; i < b; i++) {
      Answer answer = answers.get(i);
      lengths[i] = answer.ids().length;
      finish[i] = answer.finishReason();
      System.arraycopy(answer.ids(), 0, ids, i * columns, lengths[i]);
      System.arraycopy(answer.logps(), 0, logps, i * columns, lengths[i]);
    }
    return Map.of(
        "ids", TensorCodec.of(ids, b, columns),
        "lengths", TensorCodec.of(lengths, b),
        "logprobs", TensorCodec.of(logps, b, columns),
        "finish_reason", TensorCodec.of(finish, b));
  }

  /** The outputs of a scoring: log-probabilities, 0 where a row is shorter. */
  public static Map<String, TensorProto> scored(List<float[]> rows) {
    int columns = rows.stream().mapToInt(row -> row.length).max().orElse(0);
    float[] logps = new float[rows.size() * columns];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, logps, i * columns, rows.get(i).length);
    }
    return Map.of("logprobs", TensorCodec.of(logps, rows.size(), columns));
  }

  /**
   * Answers to a generation.
   *
   * @param rows how many were asked for
   * @throws IllegalArgumentException if the outputs are not those of the signature
   */
  public static List<Answer> answers(Map<String, TensorProto> outputs, int rows) {
    TensorProto ids_BN = output(outputs, "ids");
    int n = columns("ids", ids_BN, DataType.DT_INT32, rows);
    int[] ids = TensorCodec.ints("ids", ids_BN, rows * n);
    TensorProto logps_BN = output(outputs, "logprobs");
    if (columns("logprobs", logps_BN, DataType.DT_FLOAT, rows) != n) {
      throw WireException.of("the outputs \"ids\" and \"logprobs\" have unequal columns");
    }
    float[] logps = TensorCodec.floats("logprobs", logps_BN, rows * n);
    int[] lengths = TensorCodec.ints("lengths", output(outputs, "lengths"), rows);
    int[] finish = TensorCodec.ints("finish_reason", output(outputs, "finish_reason"), rows);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      if (lengths[i] < 0 || lengths[i] > n) {
        throw WireException.of("row %d: expected a length of 0 to %d, got %d", i, n, lengths[i]);
      }
      int from = i * n;
      answers.add(
          new Answer(
              Arrays.copyOfRange(ids, from, from + lengths[i]),
              Arrays.copyOfRange(logps, from, from + lengths[i]),
              finish[i]));
    }
    return answers;
  }

  /**
   * Scores of texts, one fewer than tokens.
   *
   * @throws IllegalArgumentException if the outputs are not those of the signature
   */
  public static List<float[]> scores(Map<String, TensorProto> outputs, List<int[]> texts) {
    TensorProto logps_BT = output(outputs, "logprobs");
    int t = columns("logprobs", logps_BT, DataType.DT_FLOAT, texts.size());
    float[] logps = TensorCodec.floats("logprobs", logps_BT, texts.size() * t);
    List<float[]> scores = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      int length = texts.get(i).length - 1;
      if (length > t) {
        throw WireException.of("row %d: expected %d log-probabilities, got %d", i, length, t);
      }
      scores.add(Arrays.copyOfRange(logps, i * t, i * t + length));
    }
    return scores;
  }

  private static TensorProto output(Map<String, TensorProto> outputs, String key) {
    TensorProto tensor = outputs.get(key);
    if (tensor == null) {
      throw WireException.of(
          "expected an output \"%s\", got %s; is this a model that Etalon exported?",
          key, outputs.keySet());
    }
    return tensor;
  }

  private static int columns(String key, TensorProto tensor, DataType type, int rows) {
    int[] shape = TensorCodec.shape(key, tensor, type, 2, Integer.MAX_VALUE);
    if (shape[0] != rows) {
      throw WireException.of("output \"%s\": expected %d rows, got %d", key, rows, shape[0]);
    }
    return shape[1];
  }
}
