package org.etalon.savedmodels.export;

import com.google.protobuf.CodedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.Program;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.savedmodels.folder.NewFolder;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.SavedModel;

/**
 * Writes a model as a SavedModel version folder that TensorFlow Serving loads.
 *
 * <pre>
 * BASE/VERSION/saved_model.pb         inference graph, tag serve, signatures below
 * BASE/VERSION/variables/             weights, no optimizer state
 * BASE/VERSION/assets.extra/          tokenizer files and model.json with facts and hashes
 * </pre>
 *
 * <p>{@code serving_default} takes ids [B,T], lengths, temperature, top_k, top_p, seed and
 * max_new_tokens, each [B], and gives ids [B,N], lengths [B], logprobs [B,N] and finish_reason [B]
 * (0 a stop token, 1 the limit). {@code score} takes ids and lengths and gives logprobs [B,T−1].
 * The folder is filled beside its place under a name that is no number and appears by one rename.
 *
 * @param config the model
 * @param stopIds tokens that end a row
 * @param padId what fills a row after its end
 * @param weightType how matrices are held; the weights must be saved in the same type
 */
public record SavedModelExporter(
    ModelConfig config, List<Integer> stopIds, int padId, WeightType weightType) {
  public SavedModelExporter {
    stopIds = List.copyOf(stopIds);
  }

  /** An exporter of float32 weights. */
  public SavedModelExporter(ModelConfig config, List<Integer> stopIds, int padId) {
    this(config, stopIds, padId, WeightType.FLOAT32);
  }

  /** An exporter that stops at the tokenizer's end token. */
  public static SavedModelExporter of(ModelConfig config, TokenizerFile tokenizer) {
    return new SavedModelExporter(config, List.of(tokenizer.eosId()), tokenizer.padId());
  }

  /**
   * Writes one version.
   *
   * @param base the model's folder, which TensorFlow Serving polls
   * @param version at least 1; a larger number replaces a smaller one in service
   * @param saveWeights writes a TensorBundle of the weights, by their Hugging Face names, under the
   *     prefix it is given; {@code Bundle.of(program)::save} does
   * @param tokenizer whose files go along
   * @param facts anything worth knowing later, e.g. the run and its scores
   * @return the version folder
   * @throws DataException if the version exists or the disk refuses
   */
  public Path write(
      Path base,
      long version,
      Consumer<Path> saveWeights,
      TokenizerFile tokenizer,
      Map<String, ?> facts) {
    if (version < 1) {
      throw new DataException("a version is a number from 1 up, got " + version);
    }
    Path target = base.resolve(Long.toString(version));
    NewFolder.write(
        target,
        part -> {
          Path variables = Files.createDirectory(part.resolve("variables"));
          save(target, saveWeights, variables.resolve("variables"));
          SavedModel proto = new ServingGraph(config, stopIds, padId, weightType).build();
          try (OutputStream out = Files.newOutputStream(part.resolve("saved_model.pb"))) {
            // TensorFlow hands out a node's attributes in any order: sorted, equal models are
            // equal.
            CodedOutputStream sorted = CodedOutputStream.newInstance(out);
            sorted.useDeterministicSerialization();
            proto.writeTo(sorted);
            sorted.flush();
          }
          Path extra = Files.createDirectory(part.resolve("assets.extra"));
          tokenizer.copyTo(extra);
          ExportFacts.of(this, facts, part).write(part);
        });
    return target;
  }

  /**
   * Writes a model folder as one version, stopping at its tokenizer's end token.
   *
   * @throws DataException if the folder is malformed, the version exists or the disk refuses
   */
  public static Path write(Path base, long version, ModelFolder folder, Map<String, ?> facts) {
    ModelConfig config = folder.config();
    try (TokenizerFile tokenizer = folder.tokenizer();
        Program program = new Program(config, Program.Options.defaults())) {
      config.parameters().forEach(spec -> program.set(spec.name(), folder.weight(spec.name())));
      return of(config, tokenizer).write(base, version, Bundle.of(program)::save, tokenizer, facts);
    }
  }

  private static void save(Path target, Consumer<Path> saveWeights, Path prefix) {
    try {
      saveWeights.accept(prefix);
    } catch (TensorFlowException e) {
      throw new DataException(
          target + ": weights could not be written (" + e.getMessage() + "); check the disk", e);
    }
  }
}
