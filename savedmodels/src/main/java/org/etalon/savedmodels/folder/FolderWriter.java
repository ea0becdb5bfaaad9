package org.etalon.savedmodels.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.savedmodels.safetensors.Dtype;
import org.etalon.savedmodels.safetensors.SafetensorsWriter;

/**
 * Writes the files of one model folder; weights are asked for one by one, so that one is held.
 *
 * @param folder named in errors
 * @param config the model
 * @param weight gives the values of each parameter
 * @param tokenizer its tokenizer
 * @param options dtype, shards, origin and card
 */
record FolderWriter(
    Path folder,
    ModelConfig config,
    Function<String, float[]> weight,
    TokenizerFile tokenizer,
    ExportOptions options) {
  static final String GENERATION = "generation_config.json";

  /** Writes everything, or nothing. */
  void write() {
    if (tokenizer.vocabSize() > config.vocabulary()) {
      throw new DataException(
          "%s: the tokenizer has %d tokens but the model's vocabulary is %d; use the model's own tokenizer"
              .formatted(folder, tokenizer.vocabSize(), config.vocabulary()));
    }
    int eos = tokenizer.eosId();
    int pad = tokenizer.padId();
    Dtype main = options.dtype(config.parameters().get(0).name());
    String configText =
        options
            .origin()
            .map(
                o ->
                    ConfigJson.rewrite("the origin's " + ConfigJson.FILE, o.config(), config, main))
            .orElseGet(() -> ConfigJson.write(config, tokenizer.bosId(), eos, pad, main));
    String generation =
        options
            .origin()
            .map(o -> o.generation().orElse(""))
            .orElseGet(() -> ConfigJson.writeGeneration(eos, pad));
    NewFolder.write(
        folder,
        part -> {
          writeWeights(part);
          Files.writeString(part.resolve(ConfigJson.FILE), configText);
          if (!generation.isEmpty()) {
            Files.writeString(part.resolve(GENERATION), generation);
          }
          if (options.card().isPresent()) {
            Files.writeString(part.resolve(ModelCard.FILE), options.card().get().text());
          }
          tokenizer.copyTo(part);
        });
  }

  /** Writes the weights alone. */
  void writeWeights(Path part) throws IOException {
    List<Map<String, List<Long>>> shards = shards();
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      Map<String, List<Long>> shapes = shards.get(i);
      String name =
          shards.size() == 1
              ? WeightFiles.SINGLE
              : "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      shapes.keySet().forEach(tensor -> files.put(tensor, name));
      AtomicFile.write(
          part.resolve(name),
          out -> SafetensorsWriter.write(out, shapes, options::dtype, this::storable));
    }
    if (shards.size() > 1) {
      long bytes = config.parameters().stream().mapToLong(this::bytes).sum();
      Files.writeString(part.resolve(ShardIndex.FILE), ShardIndex.write(files, bytes));
    }
  }

  /** Names and shapes of each file's tensors: the model's order, cut where a file is full. */
  private List<Map<String, List<Long>>> shards() {
    List<Map<String, List<Long>>> shards = new ArrayList<>();
    shards.add(new LinkedHashMap<>());
    long filled = 0;
    for (ParameterSpec spec : config.parameters()) {
      if (filled > 0 && filled + bytes(spec) > options.shardBytes()) {
        shards.add(new LinkedHashMap<>());
        filled = 0;
      }
      shards.get(shards.size() - 1).put(spec.name(), spec.dims());
      filled += bytes(spec);
    }
    return shards;
  }

  private long bytes(ParameterSpec spec) {
    return spec.size() * options.dtype(spec.name()).bytes();
  }

  /** A weight's values, none of which is or would be rounded to infinity. */
  private float[] storable(String name) {
    float[] values = weight.apply(name);
    float most = options.dtype(name).largest();
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new DataException(
            folder
                + ": "
                + name
                + " holds "
                + value
                + "; the model has diverged, use an older one");
      }
      if (Math.abs(value) > most) {
        throw new DataException(
            "%s: %s holds %s, more than %s can store; write BF16 or F32"
                .formatted(folder, name, value, options.dtype(name)));
      }
    }
    return values;
  }
}
