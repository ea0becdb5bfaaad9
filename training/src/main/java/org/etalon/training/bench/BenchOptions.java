package org.etalon.training.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Lowering;
import org.etalon.graph.program.Program;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.training.config.Xla;
import org.etalon.training.policy.ProgramOptions;
import picocli.CommandLine.Option;

/** What every benchmark takes: the model, how it runs, how often, and where results go. */
final class BenchOptions {
  @Option(
      names = "--shape",
      paramLabel = "NAME",
      description =
          "Random weights of a published size: tiny, smollm2-135m, smollm2-360m, qwen2.5-0.5b or"
              + " qwen2.5-1.5b. Default: ${DEFAULT-VALUE}.")
  private String shape = "smollm2-135m";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A model folder in Hugging Face's layout instead of a shape.")
  private Path model;

  @Option(names = "--threads", description = "CPU threads; 0 = all.")
  int threads;

  @Option(
      names = "--products",
      paramLabel = "TYPE",
      description = "How matrices are multiplied, f32 or bf16. Default: ${DEFAULT-VALUE}.")
  private String products = "bf16";

  @Option(
      names = "--attention-block",
      paramLabel = "N",
      description =
          "Rows of more tokens attend block by block; 0 = never. Default: ${DEFAULT-VALUE}.")
  private int attentionBlock = 256;

  @Option(
      names = "--xla",
      paramLabel = "WHAT",
      description = "What XLA compiles: off, pieces or on. Default: pieces.")
  private String xla = Xla.PIECES.toString();

  @Option(
      names = "--seed",
      description = "Of weights, tokens and samples. Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(names = "--rounds", description = "Timed rounds. Default: ${DEFAULT-VALUE}.")
  private int rounds = 5;

  @Option(
      names = "--warmup",
      description = "Rounds after the first that are not counted. Default: ${DEFAULT-VALUE}.")
  int warmup = 1;

  @Option(
      names = "--ceiling",
      paramLabel = "EDGE",
      description =
          "Edge of the product that is the ceiling, measured first and last; 0 = none. Default:"
              + " ${DEFAULT-VALUE}.")
  int ceiling = 4096;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes everything measured.")
  private Path json;

  @Option(
      names = "--soak",
      paramLabel = "N",
      description = "Times N rounds instead, and prints time and memory by tenths.")
  private int soak;

  @Option(names = "--trace", description = "Prints the time of each kind of operation as well.")
  boolean trace;

  @Option(
      names = "--serve",
      description =
          "Does one round for each line \"round\" on standard input, and answers in JSON lines:"
              + " for alternating with another program.")
  boolean serve;

  @Option(
      names = "--write-model",
      paramLabel = "DIR",
      description = "Writes the model as a new folder in Hugging Face's layout first.")
  private Path writeModel;

  /** Timed rounds. */
  int rounds() {
    return soak > 0 ? soak : rounds;
  }

  /** Whether the rounds shall show that none gets slower or bigger. */
  boolean soaks() {
    return soak > 0;
  }

  /**
   * Refuses what cannot be measured.
   *
   * @throws DataException naming the option
   */
  void check() {
    if (rounds < 1) {
      throw new DataException("--rounds: expected at least 1, got " + rounds + "; raise it");
    }
    if (soak != 0 && soak < 10) {
      throw new DataException("--soak: expected at least 10 rounds, got " + soak + "; raise it");
    }
    if (serve && soak > 0) {
      throw new DataException("--soak: the other side of --serve counts its rounds; choose one");
    }
    if (warmup < 0) {
      throw new DataException("--warmup: expected at least 0, got " + warmup + "; raise it");
    }
    if (ceiling < 0 || ceiling > 8192) {
      throw new DataException("--ceiling: expected 0 to 8192, got " + ceiling + "; try 4096");
    }
    products();
  }

  /** How matrices are multiplied. */
  WeightType products() {
    return switch (products) {
      case "f32" -> WeightType.FLOAT32;
      case "bf16" -> WeightType.BFLOAT16;
      default ->
          throw new DataException("--products: expected f32 or bf16, got " + products + "; choose");
    };
  }

  Optional<Path> json() {
    return Optional.ofNullable(json);
  }

  /** What the benchmark is run on: the folder's path or the shape's name. */
  String modelName() {
    return model == null ? shape : model.toString();
  }

  /** The model's sizes. */
  ModelConfig config() {
    return model == null ? NamedShapes.of(shape) : ModelFolder.open(model).config();
  }

  /** A program with float32 weights, for training; the caller closes. */
  Program forTraining() {
    return open(options().withProducts(products()));
  }

  /** A training program of random weights with a part of the model; the caller closes. */
  Program forTraining(ModelConfig part, int block) {
    Program program =
        new Program(part, options().withProducts(products()).withAttentionBlock(block));
    RandomWeights.fill(program, seed);
    return program;
  }

  /** A program whose weights are held as they are multiplied, for decoding; the caller closes. */
  Program forDecoding() {
    return open(options().withWeights(products()));
  }

  private ExecutionOptions options() {
    return new ExecutionOptions(lowering(), threads).withAttentionBlock(attentionBlock);
  }

  private Program open(ExecutionOptions options) {
    Program program = new Program(config(), options);
    if (model == null) {
      RandomWeights.fill(program, seed);
    } else {
      ModelFolder folder = ModelFolder.open(model);
      for (ParameterSpec parameter : program.config().parameters()) {
        program.set(parameter.name(), piece -> folder.read(parameter.name(), piece::accept));
      }
    }
    if (writeModel != null) {
      write(program);
    }
    return program;
  }

  private Lowering lowering() {
    for (Xla choice : Xla.values()) {
      if (choice.toString().equals(xla)) {
        return ProgramOptions.lowering(choice);
      }
    }
    throw new DataException("--xla must be off, pieces or on, got " + xla);
  }

  /** Random models take the built-in tokenizer, whose tokens are fewer than their vocabulary. */
  private void write(Program program) {
    try (TokenizerFile tokenizer =
        model == null ? TokenizerFile.builtin() : TokenizerFile.load(model)) {
      ModelFolder.write(writeModel, program.config(), program::get, tokenizer);
    }
  }

  /** For the record. */
  Map<String, Object> facts() {
    ModelConfig config = config();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("model", modelName());
    facts.put("parameters", config.parameterCount());
    facts.put("multiplied_parameters", new Flops(config).multiplied());
    facts.put("products", products().toString());
    facts.put("threads", threads);
    facts.put("attention_block", attentionBlock);
    facts.put("xla", xla);
    facts.put("seed", seed);
    return facts;
  }

  /** What training takes besides. */
  static final class Training {
    @Option(
        names = "--recompute",
        paramLabel = "WHAT",
        description =
            "What the backward pass computes again: none, selective or full. Default:"
                + " ${DEFAULT-VALUE}.")
    private String recompute = "none";

    @Option(
        names = "--head-chunk",
        paramLabel = "N",
        description = "Positions whose logits are held at once. Default: ${DEFAULT-VALUE}.")
    int headChunk = 512;

    Recompute recompute() {
      try {
        return Recompute.of(recompute);
      } catch (IllegalArgumentException e) {
        throw new DataException("--recompute: " + e.getMessage() + "; choose one", e);
      }
    }
  }
}
