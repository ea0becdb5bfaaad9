package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.Attend;
import org.etalon.graph.model.Documents;
import org.etalon.graph.model.FlashAttention;
import org.etalon.graph.model.FullAttention;
import org.etalon.graph.model.Fusion;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.proto.RunOptions.TraceLevel;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * One graph, one session and one set of weights. Training steps, scorers and decoders are built on
 * the same program and so share its variables: rollouts always use the current weights. Not safe
 * for use from several threads at once; the creator closes.
 */
public final class Program implements AutoCloseable {
  static {
    NativeMemory.lift();
  }

  private final ModelConfig config;
  private final Lowering lowering;
  private final WeightType weightType;
  private final int attentionBlock;
  private final AttentionForm attention;
  private final boolean flash;
  private final Device device;
  private final Graph graph = new Graph();
  private final Ops tf;
  private final Session session;
  private final Variables weights;
  private final Optional<RoundedCopies> copies;
  private final Optional<Fusion> fusion;
  private Consumer<RunMetadata> tracer;
  private long sessionNanos;

  /**
   * Declares the model's variables; they hold nothing until initialised, loaded or restored.
   *
   * @throws IllegalArgumentException if the options ask for a GPU and TensorFlow sees none, or for
   *     attention that cannot be had
   */
  public Program(ModelConfig config, ExecutionOptions options) {
    this(config, options, options.device().resolved());
  }

  private Program(ModelConfig config, ExecutionOptions options, Device device) {
    this(config, options, device, FlashChoice.of(config, options, device));
  }

  /** With the device found and cuDNN's attention decided upon. */
  Program(ModelConfig config, ExecutionOptions options, Device device, boolean flash) {
    this.device = device;
    this.flash = flash;
    this.attention = options.attention();
    this.config = config;
    this.lowering = options.lowering();
    this.fusion = lowering == Lowering.PIECES ? Optional.of(new Pieces()) : Optional.empty();
    this.weightType = options.weights();
    this.attentionBlock = options.attentionBlock();
    this.tf = device.place(Ops.create(graph));
    this.weights = new Variables(tf, "weights", config.parameters(), options.weights());
    boolean rounds =
        options.products() == WeightType.BFLOAT16 && options.weights() == WeightType.FLOAT32;
    this.copies = rounds ? Optional.of(new RoundedCopies(tf, config, weights)) : Optional.empty();
    this.session = new Session(graph, device.configuration(options.threads()));
  }

  public ModelConfig config() {
    return config;
  }

  /** How matrices are held. */
  public WeightType weightType() {
    return weightType;
  }

  /** The type in which matrices are multiplied. */
  Class<? extends TFloating> productType() {
    return copies.isPresent() || weightType == WeightType.BFLOAT16
        ? TBfloat16.class
        : TFloat32.class;
  }

  Ops ops() {
    return tf;
  }

  Lowering lowering() {
    return lowering;
  }

  Variables weights() {
    return weights;
  }

  /** Where the variables are: the CPU or a GPU. */
  public Device device() {
    return device;
  }

  /** What the nodes for a batch depend on. */
  BatchForm formOf(TokenBatch batch) {
    boolean several = flash && !batch.countsOneDocumentARow();
    if (several) {
      FlashChoice.fellBack();
    }
    return new BatchForm(batch.rows(), batch.length(), several, batch.sharesPrefixes());
  }

  /** Whether a row may hold several documents as well as one: not where cuDNN attends. */
  public boolean packsDocuments() {
    return !flash;
  }

  /** Attention within documents over whole rows, in the form that suits them. */
  Attend attend(Ops ops, Documents documents, BatchForm form) {
    if (flash && !form.severalDocuments()) {
      return new FlashAttention();
    }
    boolean isLong = attentionBlock > 0 && documents.length() > attentionBlock;
    boolean inBlocks =
        attention == AttentionForm.BLOCKS || (isLong && attention != AttentionForm.FULL);
    return inBlocks
        ? lowering.blockAttention(documents, attentionBlock)
        : FullAttention.within(ops, documents);
  }

  /** Compiles pieces between products, where the lowering wants that. */
  Optional<Fusion> fusion() {
    return fusion;
  }

  /**
   * What a model's graph reads: an operand for each parameter in the order of the configuration,
   * and the exact embedding behind them where the others are rounded copies.
   */
  List<Operand<?>> reads(Ops ops) {
    if (copies.isPresent()) {
      return copies.get().reads(ops);
    }
    List<Operand<?>> reads = new ArrayList<>();
    for (Variables.Variable variable : weights.all()) {
      reads.add(ops.readVariableOp(variable.handle(), variable.type()));
    }
    return reads;
  }

  /**
   * The same with matrices of one input stacked, where they are rounded copies: {@link Packing}.
   */
  Optional<List<Operand<?>>> packedReads(Ops ops) {
    return copies.map(rounded -> rounded.packedReads(ops));
  }

  /** Whether {@link #packedReads} gives operands. */
  boolean isPacked() {
    return copies.isPresent();
  }

  /** Runs what changes weights. */
  void write(Map<? extends Operand<?>, ? extends Tensor> feeds, List<? extends Op> targets) {
    run(feeds, List.of(), targets, result -> null);
    copies.ifPresent(RoundedCopies::outdate);
  }

  /**
   * Random weights: normal with deviation {@code range}, matrices that write to the residual stream
   * with range/√(2L) as in GPT-2, norms 1, biases 0. Each parameter's numbers depend only on the
   * seed and its name.
   */
  public void initialize(long seed, double range) {
    Map<String, float[]> initial = new LinkedHashMap<>();
    for (ParameterSpec spec : config.parameters()) {
      float[] values = new float[Math.toIntExact(spec.size())];
      SplittableRandom random = new SplittableRandom(seed * 31 + spec.name().hashCode());
      double deviation =
          switch (spec.kind()) {
            case EMBEDDING, MATRIX -> range;
            case RESIDUAL_MATRIX -> range / Math.sqrt(2.0 * config.layers());
            case NORM, BIAS -> 0;
          };
      float mean = spec.kind() == ParameterSpec.Kind.NORM ? 1 : 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = deviation == 0 ? mean : (float) (mean + deviation * random.nextGaussian());
      }
      initial.put(spec.name(), values);
    }
    load(initial);
  }

  /** Overwrites one weight, row-major. */
  public void set(String name, float[] values) {
    set(weights, name, values);
  }

  /** Takes a part of a weight's values. */
  @FunctionalInterface
  public interface Piece {
    /**
     * Takes the next part.
     *
     * @param from index of the first value, row-major
     * @param values the values, in its first {@code count} places
     */
    void accept(long from, float[] values, int count);
  }

  /**
   * Overwrites one weight with values that come in pieces, so that no array of them is held: a
   * model is loaded in little more memory than it needs.
   *
   * @param source hands every value over, in any order
   * @throws IllegalArgumentException if more or fewer values come than the weight has
   */
  public void set(String name, Consumer<Piece> source) {
    Variables.Variable variable = weights.variable(name);
    long[] filled = {0};
    try (Tensor tensor = Tensor.of(variable.type(), variable.spec().shape())) {
      Tensors.Writer writer = Tensors.writer(tensor);
      source.accept(
          (from, values, count) -> {
            writer.write(from, values, count);
            filled[0] += count;
          });
      if (filled[0] != variable.spec().size()) {
        throw new IllegalArgumentException(
            name + " needs " + variable.spec().size() + " values, got " + filled[0]);
      }
      assign(variable, tensor);
    }
  }

  /** One weight's current values, row-major. */
  public float[] get(String name) {
    return get(weights, name);
  }

  /** All weights by name; a copy. */
  public Map<String, float[]> snapshot() {
    List<Variables.Variable> all = weights.all();
    // One run for all: a session prepares each new set of fetches by a walk through the graph.
    return run(
        Map.of(),
        all.stream().map(Variables.Variable::value).toList(),
        List.of(),
        result -> {
          Map<String, float[]> values = new LinkedHashMap<>();
          for (int i = 0; i < all.size(); i++) {
            values.put(all.get(i).spec().name(), Tensors.floats(result.get(i)));
          }
          return values;
        });
  }

  /** Overwrites all weights with a snapshot of the same configuration. */
  public void load(Map<String, float[]> values) {
    List<String> expected = config.parameters().stream().map(ParameterSpec::name).sorted().toList();
    List<String> got = List.copyOf(new TreeMap<>(values).keySet());
    if (!expected.equals(got)) {
      throw new IllegalArgumentException(
          "weights do not match the model: expected " + expected + ", got " + got);
    }
    values.forEach((name, v) -> checkSize(weights.variable(name), v));
    Map<Operand<?>, Tensor> feeds = new HashMap<>();
    List<Op> assigns = new ArrayList<>();
    for (Variables.Variable variable : weights.all()) {
      feeds.put(variable.feed(), tensor(variable, values.get(variable.spec().name())));
      assigns.add(variable.assign());
    }
    write(feeds, assigns);
  }

  void set(Variables variables, String name, float[] values) {
    Variables.Variable variable = variables.variable(name);
    checkSize(variable, values);
    try (Tensor tensor = tensor(variable, values)) {
      assign(variable, tensor);
    }
  }

  private static Tensor tensor(Variables.Variable variable, float[] values) {
    Tensor tensor = Tensor.of(variable.type(), variable.spec().shape());
    Tensors.writer(tensor).write(0, values, values.length);
    return tensor;
  }

  private void assign(Variables.Variable variable, Tensor tensor) {
    session.runner().feed(variable.feed(), tensor).addTarget(variable.assign()).run().close();
    copies.ifPresent(RoundedCopies::outdate);
  }

  private static void checkSize(Variables.Variable variable, float[] values) {
    if (values.length != variable.spec().size()) {
      throw new IllegalArgumentException(
          variable.spec().name()
              + " needs "
              + variable.spec().size()
              + " values of shape "
              + variable.spec().dims()
              + ", got "
              + values.length);
    }
  }

  float[] get(Variables variables, String name) {
    try (Result result = session.runner().fetch(variables.variable(name).value()).run()) {
      return Tensors.floats(result.get(0));
    }
  }

  /** Runs with feeds, closing them, and hands the fetched tensors to {@code read}. */
  <R> R run(
      Map<? extends Operand<?>, ? extends Tensor> feeds,
      List<? extends Operand<?>> fetches,
      List<? extends Op> targets,
      Function<Result, R> read) {
    long start = System.nanoTime();
    copies.ifPresent(rounded -> rounded.update(session));
    sessionNanos += System.nanoTime() - start;
    Session.Runner runner = session.runner();
    try {
      feeds.forEach(runner::feed);
      fetches.forEach(runner::fetch);
      targets.forEach(runner::addTarget);
      try (Result result = execute(runner)) {
        return read.apply(result);
      }
    } finally {
      feeds.values().forEach(Tensor::close);
    }
  }

  private Result execute(Session.Runner runner) {
    long start = System.nanoTime();
    try {
      if (tracer == null) {
        return runner.run();
      }
      Result result =
          runner
              .setOptions(RunOptions.newBuilder().setTraceLevel(TraceLevel.FULL_TRACE).build())
              .runAndFetchMetadata();
      result.getMetadata().ifPresent(tracer);
      return result;
    } finally {
      sessionNanos += System.nanoTime() - start;
    }
  }

  /**
   * Hands the record of every run from now on to {@code consumer}: which operation ran when, where
   * and for how long. Runs become slower.
   */
  public void trace(Consumer<RunMetadata> consumer) {
    tracer = consumer;
  }

  /** Ends tracing. */
  public void untrace() {
    tracer = null;
  }

  /** Nanoseconds spent within TensorFlow by runs so far; what a caller needs besides is Java's. */
  public long sessionNanos() {
    return sessionNanos;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
