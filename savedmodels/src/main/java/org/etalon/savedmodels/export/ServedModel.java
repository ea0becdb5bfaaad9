package org.etalon.savedmodels.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.data.DataException;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.program.NativeMemory;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * An exported version folder, checked by its hashes and loaded by TensorFlow's plain SavedModel
 * loader. The creator closes.
 */
public final class ServedModel implements AutoCloseable {
  static {
    NativeMemory.lift();
  }

  private final SavedModelBundle bundle;
  private final ModelConfig config;

  /**
   * One row of a request.
   *
   * @param ids prompt, at least one token
   * @param temperature 0 for greedy
   * @param topK 0 for all
   * @param topP 1 for all
   * @param seed of the row's random numbers
   * @param maxNewTokens most tokens to generate; with the prompt at most the model's window
   */
  public record Ask(
      int[] ids, float temperature, int topK, float topP, long seed, int maxNewTokens) {
    public Ask {
      require(ids.length > 0, "a prompt needs at least one token");
      require(
          temperature >= 0 && Float.isFinite(temperature),
          "temperature must be finite and at least 0, got " + temperature);
      require(topK >= 0, "topK must be at least 0 (0: all), got " + topK);
      require(topP > 0 && topP <= 1, "topP must be in (0, 1], got " + topP);
      require(maxNewTokens >= 0, "maxNewTokens must be at least 0, got " + maxNewTokens);
    }

    private static void require(boolean condition, String message) {
      if (!condition) {
        throw new IllegalArgumentException(message);
      }
    }

    /** Greedy generation. */
    public static Ask greedy(int[] ids, int maxNewTokens) {
      return new Ask(ids, 0, 0, 1, 0, maxNewTokens);
    }
  }

  /**
   * One row of an answer.
   *
   * @param ids generated tokens
   * @param logps ln p of each
   * @param finishReason 0 a stop token, 1 the limit
   */
  public record Answer(int[] ids, float[] logps, int finishReason) {}

  private ServedModel(SavedModelBundle bundle, ModelConfig config) {
    this.bundle = bundle;
    this.config = config;
  }

  /**
   * Loads a version folder.
   *
   * @throws DataException if it is no export of Etalon, or a file is missing, cut or changed
   */
  public static ServedModel load(Path folder) {
    return load(folder, false);
  }

  /**
   * Loads a version folder's plain graph, or the one that XLA must compile.
   *
   * @throws DataException if it is no export of Etalon, has no graph for XLA, or a file is missing,
   *     cut or changed
   */
  public static ServedModel load(Path folder, boolean xla) {
    ExportFacts facts = ExportFacts.verified(folder);
    if (xla && !facts.xla()) {
      throw new DataException(folder + ": has no graph for XLA; export the model with --xla");
    }
    SafeGraph.check(folder.resolve(SavedModelFile.NAME));
    String[] tags =
        xla
            ? new String[] {ServingGraph.TAG, ServingGraph.XLA_TAG}
            : new String[] {ServingGraph.TAG};
    try {
      SavedModelBundle bundle = SavedModelBundle.load(folder.toString(), tags);
      return new ServedModel(bundle, facts.config());
    } catch (RuntimeException e) {
      // TensorFlow's errors have no common type.
      throw new DataException(
          folder + ": TensorFlow cannot load it (" + e.getMessage() + "); export the model again",
          e);
    }
  }

  /** The model's size and options. */
  public ModelConfig config() {
    return config;
  }

  /**
   * Generates for a batch; rows do not influence each other.
   *
   * @throws IllegalArgumentException if a prompt does not fit the vocabulary or the window
   */
  public List<Answer> generate(List<Ask> asks) {
    int b = asks.size();
    if (b == 0) {
      return List.of();
    }
    Map<String, Tensor> inputs = prompts(asks.stream().map(Ask::ids).toList());
    AskColumns columns = AskColumns.of(asks);
    inputs.put("temperature", TFloat32.vectorOf(columns.temperature()));
    inputs.put("top_k", TInt32.vectorOf(columns.topK()));
    inputs.put("top_p", TFloat32.vectorOf(columns.topP()));
    inputs.put("seed", TInt64.vectorOf(columns.seed()));
    inputs.put("max_new_tokens", TInt32.vectorOf(columns.maxNewTokens()));
    try (Result result = bundle.function("serving_default").call(inputs)) {
      int[] lengths = ints(result, "lengths");
      int[] ids = ints(result, "ids");
      int[] finish = ints(result, "finish_reason");
      float[] logps = floats(result, "logprobs");
      int n = ids.length / b;
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < b; i++) {
        answers.add(
            new Answer(
                Arrays.copyOfRange(ids, i * n, i * n + lengths[i]),
                Arrays.copyOfRange(logps, i * n, i * n + lengths[i]),
                finish[i]));
      }
      return answers;
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }

  /**
   * ln p of every token after the first of each row, nats.
   *
   * @throws IllegalArgumentException if a row does not fit the vocabulary or the window
   */
  public List<float[]> score(List<int[]> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<String, Tensor> inputs = prompts(rows);
    try (Result result = bundle.function("score").call(inputs)) {
      float[] logps = floats(result, "logprobs");
      int n = logps.length / rows.size();
      List<float[]> scores = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        scores.add(Arrays.copyOfRange(logps, i * n, i * n + rows.get(i).length - 1));
      }
      return scores;
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }

  private Map<String, Tensor> prompts(List<int[]> rows) {
    int longest = rows.stream().mapToInt(r -> r.length).max().orElse(0);
    int[] ids = new int[rows.size() * longest];
    int[] lengths = new int[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      check(rows.get(i), i);
      lengths[i] = rows.get(i).length;
      System.arraycopy(rows.get(i), 0, ids, i * longest, lengths[i]);
    }
    Map<String, Tensor> inputs = new TreeMap<>();
    inputs.put(
        "ids", TInt32.tensorOf(Shape.of(rows.size(), longest), DataBuffers.of(ids, false, false)));
    inputs.put("lengths", TInt32.vectorOf(lengths));
    return inputs;
  }

  private void check(int[] row, int index) {
    if (row.length == 0) {
      throw new IllegalArgumentException("row " + index + " has no tokens; give it at least one");
    }
    if (row.length > config.maxPositions()) {
      throw new IllegalArgumentException(
          "row %d has %d tokens but the model's window is %d; shorten it"
              .formatted(index, row.length, config.maxPositions()));
    }
    for (int id : row) {
      if (id < 0 || id >= config.vocabulary()) {
        throw new IllegalArgumentException(
            "row %d has token id %d outside the vocabulary of %d; use the model's own tokenizer"
                .formatted(index, id, config.vocabulary()));
      }
    }
  }

  private static int[] ints(Result result, String name) {
    Tensor tensor = result.get(name).orElseThrow();
    int[] values = new int[Math.toIntExact(tensor.shape().size())];
    tensor.asRawTensor().data().asInts().read(values);
    return values;
  }

  private static float[] floats(Result result, String name) {
    Tensor tensor = result.get(name).orElseThrow();
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  @Override
  public void close() {
    bundle.close();
  }
}
