package org.etalon.graph.plan;

import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Lowering;
import org.etalon.graph.program.Program;

/**
 * Predicts the memory of a {@link Program} and what is built on it, from its shape.
 *
 * <p><b>Plain graph.</b> A value lives until its last reader has run, so the peak is what is kept
 * plus the largest moment. Gradients are added to their sums one by one. The optimizer's step takes
 * one parameter after the other.
 *
 * <p><b>XLA.</b> The same values, though XLA fuses some away, and besides what its functions hand
 * out: a call's results are buffers of their own beside its arguments, so gradients are there
 * twice, weights and moments too in the optimizer's step, and caches while decoding. Attention in
 * blocks and the head are the same.
 *
 * <p>Where values differ in size the allocator leaves gaps, which grow with what passes: {@link
 * #GAPS} of it.
 *
 * @param config the model
 * @param options how the program runs
 */
public record MemoryModel(ModelConfig config, Program.Options options) {
  /** The next value and moments of a parameter, and three numbers on the way to them. */
  private static final int PLAIN_UPDATE = 6;

  /** Weights and two moments that the compiled step hands out. */
  private static final double COMPILED_UPDATE = 3;

  /**
   * Our choice: near what was measured, the peak of a process with TensorFlow's pooled allocator
   * over that with the C library's, 1.09 to 1.15 of all.
   */
  private static final double GAPS = 0.12;

  private static final long NODES = 12_000_000;

  private static final long F32 = 4;

  /** Float32 weights: 4 bytes a parameter. */
  private long weightBytes() {
    return F32 * config.parameterCount();
  }

  private boolean compiled() {
    return options.lowering() == Lowering.XLA;
  }

  /** The weights, and where products round them, the copies: 2 bytes a number of each matrix. */
  public Memory weights() {
    long rounded = 0;
    if (options.products() == WeightType.BFLOAT16) {
      for (ParameterSpec spec : config.parameters()) {
        rounded += spec.dims().size() == 2 ? 2 * spec.size() : 0;
      }
    }
    return new Memory(weightBytes(), rounded, 0, 0, 0, 0, 0, 0);
  }

  /**
   * What a graph's own nodes and their executors take in the process, whatever the shapes. Measured
   * with a trainer and one shape of pass, 4 to 28 layers: 10 to 13 MB a layer.
   */
  public Memory nodes() {
    return Memory.none().withProcess(NODES * config.layers());
  }

  /** Sums of gradients and two moments: 12 bytes a parameter. */
  public Memory optimizer() {
    return new Memory(0, 0, weightBytes(), 2 * weightBytes(), 0, 0, 0, 0);
  }

  /** The optimizer's step: all weights at once where it is compiled, else the largest alone. */
  public Memory update() {
    long largest = config.parameters().stream().mapToLong(ParameterSpec::size).max().orElse(0);
    return passing(
        0, compiled() ? Math.round(COMPILED_UPDATE * weightBytes()) : PLAIN_UPDATE * F32 * largest);
  }

  /**
   * A forward and backward pass.
   *
   * <p>Kept: L layers, the tables of the rotation (4H a position), the mask of full attention (4T a
   * position). The head comes when all is kept, the last layer's backward pass after it; from the
   * head to the end the gradient by its weights stays, 4VD.
   */
  public Memory pass(TrainShape shape) {
    boolean inBlocks = inBlocks(shape.length());
    var layer =
        LayerMemory.of(
            config,
            options.products(),
            options.lowering(),
            shape.recompute(),
            inBlocks,
            shape.length());
    long m = shape.positions();
    long tables = F32 * config.headDim() + (inBlocks ? 0 : F32 * shape.length());
    long kept = m * (config.layers() * layer.kept() + tables);
    // States before, within and behind the last norm, and the gradient by them twice.
    long states = 5 * F32 * config.hidden() * m;
    long head = headWeights() + Math.max(head(shape.headChunk(), m), embeddingGradient());
    long results = compiled() ? weightBytes() : 0;
    long scores = inBlocks ? 4 * scores(shape.rows(), shape.length()) : 0;
    long passing = Math.max(states + head, m * layer.passing() + scores + headWeights());
    return passing(kept, passing + results);
  }

  /** A forward pass that only gives log-probabilities: nothing is kept of a layer. */
  public Memory score(TrainShape shape) {
    long m = shape.positions();
    return passing(0, forward(shape.rows(), shape.length()) + head(shape.headChunk(), m));
  }

  /** The gradient by the head's weights. */
  private long headWeights() {
    return F32 * config.vocabulary() * config.hidden();
  }

  /** A tied embedding's gradient by its rows, before it joins that by the head. */
  private long embeddingGradient() {
    return config.tied() ? headWeights() : 0;
  }

  /**
   * A chunk of the head: logits, softmax less target and their product, each 4CV, rounded 2CV more;
   * and the chunk's gradient by the weights, 4VD, which is then added.
   */
  private long head(int chunk, long positions) {
    long c = Math.min(chunk, positions);
    long logits = (options.products() == WeightType.BFLOAT16 ? 3 * F32 + 2 : 3 * F32);
    return logits * c * config.vocabulary() + headWeights();
  }

  /**
   * The scores of a block of queries, all heads and rows: with one block of keys or a whole row.
   */
  private long scores(int rows, int length) {
    long block = options.attentionBlock();
    return F32 * rows * config.heads() * block * (compiled() ? block : length);
  }

  private boolean inBlocks(int length) {
    return options.attentionBlock() > 0 && length > options.attentionBlock();
  }

  /** What the worst layer holds in a forward pass that keeps nothing: its halves and products. */
  private long forward(int rows, int length) {
    long m = (long) rows * length;
    long q = (long) config.heads() * config.headDim();
    long k = (long) config.kvHeads() * config.headDim();
    long stream = 4L * config.hidden();
    long feedForward = stream + 3L * config.intermediate();
    long attention = stream + 4 * q + 4 * k;
    boolean inBlocks = inBlocks(length);
    long weights = inBlocks ? 3 * scores(rows, length) : 2 * F32 * m * config.heads() * length;
    return Math.max(F32 * m * feedForward, F32 * m * attention + weights);
  }

  /** Bytes of a number in a cache: those of products. */
  private long cached() {
    return options.products() == WeightType.BFLOAT16 ? 2 : F32;
  }

  /** Keys and values of every slot: 8·L·K·H bytes a position in float32, half in bfloat16. */
  public Memory cache(DecodeShape shape) {
    return Memory.ofCache(
        2
            * cached()
            * config.layers()
            * config.kvHeads()
            * config.headDim()
            * shape.slots()
            * shape.capacity());
  }

  /**
   * A prefill or a step of decoding, whichever is larger: prompts in full attention; sampling six
   * numbers for each slot and word; a layer's scores. Compiled, the new caches stand beside the
   * old.
   */
  public Memory decode(DecodeShape shape) {
    long s = shape.slots();
    long sampling = 6 * F32 * s * config.vocabulary();
    long step = 2 * F32 * s * config.heads() * shape.capacity() + sampling;
    MemoryModel full = new MemoryModel(config, options.withAttentionBlock(0));
    long prefill =
        full.forward(shape.prefillRows(), shape.prefillLength())
            + 2L
                * F32
                * config.layers()
                * config.kvHeads()
                * config.headDim()
                * shape.prefillRows()
                * shape.prefillLength()
            + sampling;
    long again = compiled() ? cache(shape).total() : 0;
    return passing(0, Math.max(step, prefill) + again);
  }

  /** A weighted sum of models beside the weights, and one more that is being read. */
  public Memory fusion() {
    return passing(0, 2 * weightBytes());
  }

  private static Memory passing(long activations, long workspace) {
    long gaps = Math.round(GAPS * (activations + workspace));
    return Memory.passing(activations, workspace + gaps);
  }
}
