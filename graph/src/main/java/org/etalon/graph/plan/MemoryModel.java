package org.etalon.graph.plan;

import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Lowering;
import org.etalon.graph.program.Program;

/**
 * Predicts the memory of a {@link Program} and what is built on it, from its shape.
 *
 * <p><b>Plain graph.</b> A value lives until its last reader has run, so the peak is what is kept
 * plus the largest moment. Gradients are added to their sums one by one. The optimizer's step takes
 * one parameter after the other. Compiled pieces differ in what they keep of a layer and of the
 * head.
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
public record MemoryModel(ModelConfig config, ExecutionOptions options) {
  /** The next value and moments of a parameter, and three numbers on the way to them. */
  private static final int PLAIN_UPDATE = 6;

  /** The next value and moments, which a compiled step hands out. */
  private static final int COMPILED_UPDATE = 3;

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

  /** The optimizer's step: all weights at once where the whole is compiled, else the largest. */
  public Memory update() {
    long largest = config.parameters().stream().mapToLong(ParameterSpec::size).max().orElse(0);
    long bytes =
        switch (options.lowering()) {
          case INLINE -> PLAIN_UPDATE * F32 * largest;
          case PIECES -> COMPILED_UPDATE * F32 * largest;
          case XLA -> COMPILED_UPDATE * weightBytes();
        };
    return passing(0, bytes);
  }

  /**
   * A forward and backward pass.
   *
   * <p>Kept: L layers, the tables of the rotation (4H a position), the mask of full attention (4T a
   * position). The head comes when all is kept, the last layer's backward pass after it, the
   * embedding's gradient by its rows (4VD) when nothing is kept any more. From the head to the end
   * the gradient by its weights stays, 4VD, if the embedding's has to be added to it.
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
    HeadMemory head = head(shape);
    long m = shape.positions();
    long tables = F32 * config.headDim() + (inBlocks ? 0 : F32 * shape.length());
    long kept = m * (config.layers() * layer.kept() + tables);
    // States before, within and behind the last norm, and the gradient by them twice.
    long states = 5 * F32 * config.hidden() * m;
    long results = compiled() ? weightBytes() : 0;
    long stays = results + (config.tied() ? head.weights() : 0);
    // The weights, their gradient, and the scores' on the way.
    long scores = inBlocks ? 3 * scores(shape.rows(), shape.length()) : 0;
    long back = Math.max(m * layer.feedForward(), m * layer.attention() + scores);
    Memory atHead = passing(kept, states + head.backward() + results);
    Memory inLayers = passing(kept, back + stays);
    Memory atEnd = passing(0, states + head.weights() + stays);
    return atHead.max(inLayers).max(atEnd);
  }

  /** A forward pass that only gives log-probabilities: nothing is kept of a layer. */
  public Memory score(TrainShape shape) {
    long states = 2 * F32 * config.hidden() * shape.positions();
    return passing(
        0, Math.max(forward(shape.rows(), shape.length()), states + head(shape).score()));
  }

  private HeadMemory head(TrainShape shape) {
    return HeadMemory.of(
        config, options.products(), options.lowering(), shape.headChunk(), shape.positions());
  }

  /**
   * The scores of a block of queries, all heads and rows: with one block of keys or a whole row.
   */
  private long scores(int rows, int length) {
    long block = options.attentionBlock();
    return F32 * rows * config.heads() * block * (compiled() ? block : length);
  }

  /** As {@link Program} decides; cuDNN's attention takes no more than blocks. */
  private boolean inBlocks(int length) {
    boolean isLong = options.attentionBlock() > 0 && length > options.attentionBlock();
    return switch (options.attention()) {
      case BLOCKS -> true;
      case FULL -> false;
      case AUTO, FLASH -> isLong;
    };
  }

  /**
   * What a forward pass holds that keeps nothing, in its worst layer: the stream, the halves of the
   * feed-forward and their product, or heads and scores.
   */
  private long forward(int rows, int length) {
    long m = (long) rows * length;
    long q = (long) config.heads() * config.headDim();
    long k = (long) config.kvHeads() * config.headDim();
    long stream = 2 * F32 * config.hidden();
    // In pieces the halves and their product stay in the type of products.
    long half = options.lowering() == Lowering.PIECES ? productBytes() : F32;
    long feedForward = stream + 3 * half * config.intermediate();
    long attention = stream + F32 * (2 * q + 2 * k);
    boolean inBlocks = inBlocks(length);
    long weights = 2 * (inBlocks ? scores(rows, length) : F32 * m * config.heads() * length);
    return Math.max(m * feedForward, m * attention + weights);
  }

  /** Bytes of a factor of a product, and of a number in a cache. */
  private long productBytes() {
    return options.products() == WeightType.BFLOAT16 ? 2 : F32;
  }

  /** Numbers that all slots' keys or values of a layer have at {@code positions}. */
  private long layerKeys(DecodeShape shape, int positions) {
    return (long) config.kvHeads() * config.headDim() * shape.slots() * positions;
  }

  /** Keys and values of every slot: 8·L·K·H bytes a position in float32, half in bfloat16. */
  public Memory cache(DecodeShape shape) {
    return Memory.ofCache(
        2L * config.layers() * productBytes() * layerKeys(shape, shape.capacity()));
  }

  /**
   * Rollouts besides their caches, at the worse of two moments. A prefill: a forward pass over the
   * prompts, and of a layer the keys and values of every slot before they are written. A step: the
   * scores of a layer, or the draw, six numbers for each slot and word. Where the whole is
   * compiled, the new caches stand beside the old.
   */
  public Memory decode(DecodeShape shape) {
    long drawn = 6 * F32 * shape.slots() * config.vocabulary();
    long scores = 2 * F32 * shape.slots() * config.heads() * shape.capacity();
    long written = 2 * (F32 + (productBytes() < F32 ? productBytes() : 0));
    long prefill =
        forward(shape.prefillRows(), shape.prefillLength())
            + written * layerKeys(shape, shape.prefillLength());
    long again = compiled() ? cache(shape).total() : 0;
    return passing(0, Math.max(Math.max(scores, drawn), prefill) + again);
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
