package org.etalon.savedmodels.export;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** An export as a server sees it: tensors in and out, nothing checked on the way. */
record RawModel(SavedModelBundle bundle) implements AutoCloseable {
  static RawModel load(Path version) {
    return load(version, "serve");
  }

  static RawModel load(Path version, String... tags) {
    return new RawModel(SavedModelBundle.load(version.toString(), tags));
  }

  /** A request; every row is greedy unless changed. */
  static final class Request {
    final int[] ids;
    final int[] lengths;
    final float[] temperature;
    final int[] maxNew;

    /** Prompts already padded to one length, row after row. */
    Request(int[] lengths, int[] maxNew, int... ids) {
      this.ids = ids;
      this.lengths = lengths;
      this.temperature = new float[lengths.length];
      this.maxNew = maxNew;
    }
  }

  /** The outputs, flat row-major, and N. */
  record Answer(int[] ids, int[] lengths, float[] logps, int[] finish, long columns) {}

  Answer generate(Request r) {
    int b = r.lengths.length;
    float[] topP = new float[b];
    Arrays.fill(topP, 1);
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("ids", ints(r.ids, b, b == 0 ? 3 : r.ids.length / b));
    inputs.put("lengths", ints(r.lengths, b));
    inputs.put("temperature", floats(r.temperature));
    inputs.put("top_k", ints(new int[b], b));
    inputs.put("top_p", floats(topP));
    inputs.put("seed", TInt64.tensorOf(Shape.of(b), DataBuffers.of(new long[b], false, false)));
    inputs.put("max_new_tokens", ints(r.maxNew, r.maxNew.length));
    try (Result out = bundle.function("serving_default").call(inputs)) {
      return new Answer(
          ints(out, "ids"),
          ints(out, "lengths"),
          floats(out, "logprobs"),
          ints(out, "finish_reason"),
          out.get("ids").orElseThrow().shape().get(1));
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }

  float[] score(int[] lengths, int... ids) {
    return score(lengths, lengths.length, ids);
  }

  float[] score(int[] lengths, int rows, int[] ids) {
    Map<String, Tensor> inputs =
        Map.of("ids", ints(ids, rows, ids.length / rows), "lengths", ints(lengths, lengths.length));
    try (Result out = bundle.function("score").call(inputs)) {
      return floats(out, "logprobs");
    } finally {
      inputs.values().forEach(Tensor::close);
    }
  }

  private static TInt32 ints(int[] values, long... shape) {
    return TInt32.tensorOf(Shape.of(shape), DataBuffers.of(values, false, false));
  }

  private static TFloat32 floats(float[] values) {
    return TFloat32.tensorOf(Shape.of(values.length), DataBuffers.of(values, false, false));
  }

  private static int[] ints(Result result, String name) {
    Tensor tensor = result.get(name).orElseThrow();
    int[] values = new int[(int) tensor.shape().size()];
    tensor.asRawTensor().data().asInts().read(values);
    return values;
  }

  private static float[] floats(Result result, String name) {
    Tensor tensor = result.get(name).orElseThrow();
    float[] values = new float[(int) tensor.shape().size()];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  @Override
  public void close() {
    bundle.close();
  }
}
