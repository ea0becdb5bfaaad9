package org.etalon.savedmodels.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.data.DataException;
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
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final SavedModelBundle bundle;
  private final int vocabulary;

  /**
   * One row of a request.
   *
   * @param ids prompt, at least one token
   * @param temperature 0 for greedy
   * @param topK 0 for all
   * @param topP 1 for all
   * @param seed of the row's random numbers
   * @param maxNewTokens most tokens to generate
   */
  public record Ask(
      int[] ids, float temperature, int topK, float topP, long seed, int maxNewTokens) {
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

  private ServedModel(SavedModelBundle bundle, int vocabulary) {
    this.bundle = bundle;
    this.vocabulary = vocabulary;
  }

  /**
   * Loads a version folder.
   *
   * @throws DataException if it is no export of Etalon, or a file is missing, cut or changed
   */
  public static ServedModel load(Path folder) {
    Path facts = folder.resolve(SavedModelExporter.FACTS);
    if (!Files.exists(facts)) {
      throw new DataException(
          facts + " is missing; name a version folder that etalon export wrote");
    }
    try {
      JsonNode model = JSON.readTree(facts.toFile());
      verify(folder, model.get("sha256"));
      return new ServedModel(
          SavedModelBundle.load(folder.toString(), "serve"),
          model.get("config").get("vocabulary").asInt());
    } catch (IOException e) {
      throw new DataException(facts + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void verify(Path folder, JsonNode expected) {
    Map<String, String> found = SavedModelExporter.hashes(folder);
    Map<String, String> wanted = new TreeMap<>();
    expected.properties().forEach(e -> wanted.put(e.getKey(), e.getValue().asText()));
    for (Map.Entry<String, String> file : wanted.entrySet()) {
      if (!file.getValue().equals(found.get(file.getKey()))) {
        throw new DataException(
            folder.resolve(file.getKey())
                + (found.containsKey(file.getKey())
                    ? " is damaged: its SHA-256 is not the one in model.json"
                    : " is missing")
                + "; export the model again");
      }
    }
  }

  /** Generates for a batch; rows do not influence each other. */
  public List<Answer> generate(List<Ask> asks) {
    int b = asks.size();
    Map<String, Tensor> inputs = prompts(asks.stream().map(Ask::ids).toList());
    float[] temperature = new float[b];
    int[] topK = new int[b];
    float[] topP = new float[b];
    long[] seed = new long[b];
    int[] maxNew = new int[b];
    for (int i = 0; i < b; i++) {
      Ask ask = asks.get(i);
      temperature[i] = ask.temperature();
      topK[i] = ask.topK();
      topP[i] = ask.topP();
      seed[i] = ask.seed();
      maxNew[i] = ask.maxNewTokens();
    }
    inputs.put("temperature", TFloat32.vectorOf(temperature));
    inputs.put("top_k", TInt32.vectorOf(topK));
    inputs.put("top_p", TFloat32.vectorOf(topP));
    inputs.put("seed", TInt64.vectorOf(seed));
    inputs.put("max_new_tokens", TInt32.vectorOf(maxNew));
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

  /** ln p of every token after the first of each row. */
  public List<float[]> score(List<int[]> rows) {
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
    for (int id : row) {
      if (id < 0 || id >= vocabulary) {
        throw new IllegalArgumentException(
            "row %d has token id %d outside the vocabulary of %d; use the model's own tokenizer"
                .formatted(index, id, vocabulary));
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
