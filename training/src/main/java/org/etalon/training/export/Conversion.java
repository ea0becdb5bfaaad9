package org.etalon.training.export;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.savedmodels.export.SavedModelExporter;
import org.etalon.savedmodels.folder.ExportOptions;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.savedmodels.gguf.GgufExport;
import org.etalon.savedmodels.gguf.GgufImport;
import org.etalon.savedmodels.gguf.GgufType;
import org.etalon.savedmodels.safetensors.Dtype;
import org.etalon.training.policy.Policy;

/** Turns a model of one format into another, one weight at a time where the format allows it. */
public final class Conversion {
  private Conversion() {}

  /**
   * Reads a model that others wrote into a model folder of Hugging Face's layout.
   *
   * @param from a GGUF file, or a model folder, which is checked and copied with its own types
   * @param out the new folder
   */
  public static void read(Path from, Path out) {
    if (Files.isDirectory(from)) {
      huggingFace(from, out, Optional.empty());
    } else {
      GgufImport.write(from, out);
    }
  }

  /**
   * Writes a model folder anew.
   *
   * @param dtype f32, f16 or bf16; empty: as each weight is stored
   */
  public static void huggingFace(Path model, Path out, Optional<String> dtype) {
    ModelFolder folder = ModelFolder.open(model);
    ExportOptions options = ExportOptions.defaults().withOrigin(folder.origin());
    if (dtype.isPresent()) {
      options = options.withDtype(choice(Dtype.class, dtype.get()));
    }
    try (TokenizerFile tokenizer = folder.tokenizer()) {
      ModelFolder.write(out, folder.config(), folder::weight, tokenizer, options);
    }
  }

  /**
   * Writes a GGUF file for llama.cpp.
   *
   * @param dtype f32, f16, bf16 or q8_0; empty: f16
   */
  public static void gguf(Path model, Path out, Optional<String> dtype) {
    if (Files.exists(out)) {
      throw new DataException(out + ": already exists; remove it or choose another --out");
    }
    ModelFolder folder = ModelFolder.open(model);
    GgufType type = choice(GgufType.class, dtype.orElse("f16"));
    String name = String.valueOf(model.toAbsolutePath().normalize().getFileName());
    try (TokenizerFile tokenizer = folder.tokenizer()) {
      GgufExport.write(out, folder.config(), folder::weight, tokenizer, type, name);
    }
  }

  /**
   * Writes the next version of a SavedModel for TensorFlow Serving.
   *
   * @param out the model's folder; the version becomes a folder in it
   * @param dtype f32 or bf16; empty: f32
   * @param xla whether a graph that XLA compiles is written beside the plain one
   * @return the version's folder
   */
  public static Path savedModel(Path model, Path out, Optional<String> dtype, boolean xla) {
    WeightType type = weightType(dtype.orElse("f32"));
    try (Policy policy = Policy.open(model, ExecutionOptions.defaults().withWeights(type))) {
      var config = policy.program().config();
      Map<String, Object> facts = new TreeMap<>();
      facts.put("source", String.valueOf(model.toAbsolutePath().normalize().getFileName()));
      facts.put("source_sha256", hashes(model));
      facts.put("parameters", config.parameterCount());
      return new SavedModelExporter(config, policy.stopIds(), policy.tokenizer().padId(), type, xla)
          .writeNext(out, policy::save, policy.tokenizer(), facts);
    }
  }

  /** The hash of each of a model folder's own files. */
  private static Map<String, String> hashes(Path model) {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> content = Files.list(model)) {
      for (Path file : content.filter(Files::isRegularFile).toList()) {
        hashes.put(
            file.getFileName().toString(),
            MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString());
      }
    } catch (IOException e) {
      throw new DataException(model + ": cannot be read (" + e + ")", e);
    }
    return hashes;
  }

  /** The type that {@code f32} or {@code bf16} names. */
  public static WeightType weightType(String name) {
    return switch (name) {
      case "f32" -> WeightType.FLOAT32;
      case "bf16" -> WeightType.BFLOAT16;
      default ->
          throw new DataException("--dtype: expected f32 or bf16, got " + name + "; choose one");
    };
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String name) {
    try {
      return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "--dtype: expected f32, f16, bf16, or q8_0 for GGUF, got " + name + "; choose one", e);
    }
  }
}
