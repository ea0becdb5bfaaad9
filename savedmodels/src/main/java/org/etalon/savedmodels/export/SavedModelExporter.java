package org.etalon.savedmodels.export;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
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
import org.etalon.graph.program.ExecutionOptions;
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
 * BASE/VERSION/assets.extra/          tokenizer and template files, requests to warm up with,
 *                                     model.json with facts and hashes
 * BASE/models.config, batching.config what TensorFlow Serving is started with
 * </pre>
 *
 * <p>{@code serving_default} takes ids [B,T], lengths, temperature, top_k, top_p, seed and
 * max_new_tokens, each [B], and gives ids [B,N], lengths [B], logprobs [B,N] and finish_reason [B]
 * (0 a stop token, 1 the limit). {@code score} takes ids and lengths and gives logprobs [B,T−1].
 * With {@code xla} the same signatures are there a second time, over the same weights, under the
 * tags serve and xla: a graph that XLA must compile, for a server that allows it. The folder is
 * filled beside its place under a name that is no number and appears by one rename.
 *
 * @param config the model
 * @param stopIds tokens that end a row
 * @param padId what fills a row after its end
 * @param weightType how matrices are held; the weights must be saved in the same type
 * @param xla whether a graph that XLA compiles is written beside the plain one
 */
public record SavedModelExporter(
    ModelConfig config, List<Integer> stopIds, int padId, WeightType weightType, boolean xla) {
  public SavedModelExporter {
    stopIds = List.copyOf(stopIds);
  }

  /** An exporter of float32 weights. */
  public SavedModelExporter(ModelConfig config, List<Integer> stopIds, int padId) {
    this(config, stopIds, padId, WeightType.FLOAT32);
  }

  /** An exporter of the plain graph alone. */
  public SavedModelExporter(
      ModelConfig config, List<Integer> stopIds, int padId, WeightType weightType) {
    this(config, stopIds, padId, weightType, false);
  }

  /** The same with or without a graph for XLA. */
  public SavedModelExporter withXla(boolean on) {
    return new SavedModelExporter(config, stopIds, padId, weightType, on);
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
    Path target = new VersionFolders(base).of(version);
    NewFolder.write(
        target, part -> fill(base, part, graphs(), true, saveWeights, tokenizer, facts));
    ServingFiles.of(base).write(base);
    return target;
  }

  /** Writes the version after the newest one that is there; other writers do not disturb. */
  public Path writeNext(
      Path base, Consumer<Path> saveWeights, TokenizerFile tokenizer, Map<String, ?> facts) {
    return writeNext(base, graphs(), true, saveWeights, tokenizer, facts);
  }

  /**
   * The same with graphs that are there already.
   *
   * @param warmUp whether requests to warm up with go along
   */
  Path writeNext(
      Path base,
      SavedModel graphs,
      boolean warmUp,
      Consumer<Path> saveWeights,
      TokenizerFile tokenizer,
      Map<String, ?> facts) {
    Path target =
        NewFolder.write(
            new VersionFolders(base)::next,
            part -> fill(base, part, graphs, warmUp, saveWeights, tokenizer, facts));
    ServingFiles.of(base).write(base);
    return target;
  }

  private void fill(
      Path base,
      Path part,
      SavedModel proto,
      boolean warmUp,
      Consumer<Path> saveWeights,
      TokenizerFile tokenizer,
      Map<String, ?> facts)
      throws IOException {
    Path variables = Files.createDirectory(part.resolve("variables"));
    save(base, saveWeights, variables.resolve("variables"));
    try (OutputStream out = Files.newOutputStream(part.resolve(SavedModelFile.NAME))) {
      // TensorFlow hands out a node's attributes in any order: sorted, equal models are equal.
      CodedOutputStream sorted = CodedOutputStream.newInstance(out);
      sorted.useDeterministicSerialization();
      proto.writeTo(sorted);
      sorted.flush();
    }
    Path extra = Files.createDirectory(part.resolve("assets.extra"));
    tokenizer.copyTo(extra);
    if (warmUp) {
      new WarmUp(ServingFiles.of(base).model(), config, padId).write(part);
    }
    var signatures = SignatureFacts.of(proto.getMetaGraphs(0));
    ExportFacts.of(this, signatures, facts, part).write(part);
  }

  /** The plain graph and, where it is wanted, the one for XLA. */
  SavedModel graphs() {
    var plain = new ServingGraph(config, stopIds, padId, weightType, false);
    SavedModel.Builder all =
        SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(plain.build());
    if (xla) {
      all.addMetaGraphs(new ServingGraph(config, stopIds, padId, weightType, true).build());
    }
    return all.build();
  }

  /**
   * Writes a model folder as one version, stopping at its tokenizer's end token.
   *
   * @throws DataException if the folder is malformed, the version exists or the disk refuses
   */
  public static Path write(Path base, long version, ModelFolder folder, Map<String, ?> facts) {
    ModelConfig config = folder.config();
    try (TokenizerFile tokenizer = folder.tokenizer();
        Program program = new Program(config, ExecutionOptions.defaults())) {
      config.parameters().forEach(spec -> program.set(spec.name(), folder.weight(spec.name())));
      return of(config, tokenizer).write(base, version, Bundle.of(program)::save, tokenizer, facts);
    }
  }

  private static void save(Path base, Consumer<Path> saveWeights, Path prefix) {
    try {
      saveWeights.accept(prefix);
    } catch (TensorFlowException e) {
      throw new DataException(
          base + ": weights could not be written (" + e.getMessage() + "); check the disk", e);
    }
  }
}
