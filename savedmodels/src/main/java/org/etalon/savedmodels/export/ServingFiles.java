package org.etalon.savedmodels.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.TextFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import org.etalon.data.AtomicFile;

/**
 * The two files that TensorFlow Serving is started with, beside a model's versions. A file that is
 * there stays: its owner may have changed it.
 *
 * <pre>
 * tensorflow_model_server --model_config_file=/models/NAME/models.config
 *     --enable_batching --batching_parameters_file=/models/NAME/batching.config
 * </pre>
 *
 * @param model name of the model; its folder is expected at {@code /models/NAME}, where TensorFlow
 *     Serving's container has its models
 */
record ServingFiles(String model) {
  static final String MODELS = "models.config";
  static final String BATCHING = "batching.config";

  /** Our choice: most rows that a server puts into one batch. */
  static final int MAX_BATCH = 16;

  /** The files of a model folder of that name. */
  static ServingFiles of(Path base) {
    return new ServingFiles(String.valueOf(base.toAbsolutePath().normalize().getFileName()));
  }

  void write(Path base) {
    write(base.resolve(MODELS), models());
    write(base.resolve(BATCHING), batching());
  }

  private static void write(Path file, String text) {
    if (!Files.exists(file)) {
      AtomicFile.write(file, out -> out.write(text.getBytes(UTF_8)));
    }
  }

  /** Text form of tensorflow.serving.ModelServerConfig: the newest version is served. */
  private String models() {
    String name = TextFormat.escapeBytes(model.getBytes(UTF_8));
    return """
        model_config_list {
          config {
            name: "%s"
            base_path: "/models/%s"
            model_platform: "tensorflow"
            model_version_policy { latest { num_versions: 1 } }
          }
        }
        """
        .formatted(name, name);
  }

  /**
   * Text form of tensorflow.serving.BatchingParameters. Rows of different lengths are padded to the
   * longest, which {@code lengths} tells from the prompt.
   */
  private static String batching() {
    return """
        max_batch_size { value: %d }
        batch_timeout_micros { value: 5000 }
        max_enqueued_batches { value: 64 }
        num_batch_threads { value: 2 }
        allowed_batch_sizes: 1
        allowed_batch_sizes: 4
        allowed_batch_sizes: %d
        pad_variable_length_inputs: true
        """
        .formatted(MAX_BATCH, MAX_BATCH);
  }
}
