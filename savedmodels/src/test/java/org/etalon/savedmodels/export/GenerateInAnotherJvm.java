package org.etalon.savedmodels.export;

import com.google.common.base.Splitter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.IntNdArray;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Loads an export with nothing but TensorFlow's loader and prints what it generates greedily for
 * each argument, a list of ids: one line of ids and one of log-probabilities.
 */
final class GenerateInAnotherJvm {
  private GenerateInAnotherJvm() {}

  public static void main(String[] args) {
    try (SavedModelBundle bundle = SavedModelBundle.load(Path.of(args[0]).toString(), "serve")) {
      for (String prompt : List.of(args).subList(2, args.length)) {
        int[] ids = Splitter.on(",").splitToStream(prompt).mapToInt(Integer::parseInt).toArray();
        try (Result result =
            bundle
                .function("serving_default")
                .call(
                    Map.of(
                        "ids", TInt32.tensorOf(row(ids)),
                        "lengths", TInt32.vectorOf(ids.length),
                        "temperature", TFloat32.vectorOf(0),
                        "top_k", TInt32.vectorOf(0),
                        "top_p", TFloat32.vectorOf(1),
                        "seed", TInt64.vectorOf(0),
                        "max_new_tokens", TInt32.vectorOf(Integer.parseInt(args[1]))))) {
          TInt32 out = (TInt32) result.get("ids").orElseThrow();
          TFloat32 logps = (TFloat32) result.get("logprobs").orElseThrow();
          int length = ((TInt32) result.get("lengths").orElseThrow()).getInt(0);
          StringBuilder line = new StringBuilder("ids");
          StringBuilder scores = new StringBuilder("logps");
          for (int i = 0; i < length; i++) {
            line.append(' ').append(out.getInt(0, i));
            scores.append(' ').append(logps.getFloat(0, i));
          }
          System.out.println(line);
          System.out.println(scores);
        }
      }
    }
  }

  private static IntNdArray row(int[] ids) {
    return StdArrays.ndCopyOf(new int[][] {ids});
  }
}
