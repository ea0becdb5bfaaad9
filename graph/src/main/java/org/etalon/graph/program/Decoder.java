package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.decode.CacheAttention;
import org.etalon.graph.decode.KeyValues;
import org.etalon.graph.decode.Sampler;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Dim;
import org.etalon.graph.model.FullAttention;
import org.etalon.graph.model.RowWrite;
import org.etalon.graph.model.Transformer;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Empty;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * Decoding with the program's weights: S slots, each with room for C positions in a key/value cache
 * of resource variables. {@link #prefill} runs prompts and fills slots (several slots may share one
 * prompt); {@link #step} feeds one token to every slot and samples the next. Which slots mean
 * something is the caller's business.
 */
public final class Decoder implements SlotDecoder {
  /** Rows that a matrix kernel computes alike; the rest of a product takes another path. */
  private static final int BLOCK = 8;

  private final Program program;
  private final Class<? extends TFloating> cacheType;
  private final int slots;
  private final int capacity;
  private final int prefillRows;
  private final int prefillLength;
  private final List<Operand<?>> keyCaches = new ArrayList<>();
  private final List<Operand<?>> valueCaches = new ArrayList<>();
  private final Map<Boolean, Nodes> steps = new HashMap<>();
  private final Map<Boolean, Nodes> prefills = new HashMap<>();

  private record Keys(
      Placeholder<TFloat32> temperature,
      Placeholder<TInt32> topK,
      Placeholder<TFloat32> topP,
      Placeholder<TInt64> seed,
      Placeholder<TInt64> sequence_S,
      Placeholder<TInt64> draw_S) {
    static Keys of(Ops tf, int slots) {
      return new Keys(
          Bucket.placeholder(tf, TFloat32.class),
          Bucket.placeholder(tf, TInt32.class),
          Bucket.placeholder(tf, TFloat32.class),
          Bucket.placeholder(tf, TInt64.class),
          Bucket.placeholder(tf, TInt64.class, slots),
          Bucket.placeholder(tf, TInt64.class, slots));
    }

    List<Operand<?>> operands() {
      return List.of(temperature, topK, topP, seed, sequence_S, draw_S);
    }

    void feed(Map<Operand<?>, Tensor> feeds, Sampling sampling, long[] sequences, long[] draws) {
      feeds.put(temperature, Tensors.scalar(sampling.temperature()));
      feeds.put(topK, TInt32.scalarOf(sampling.topK()));
      feeds.put(topP, Tensors.scalar(sampling.topP()));
      feeds.put(seed, TInt64.scalarOf(sampling.seed()));
      feeds.put(sequence_S, Tensors.of(sequences, sequences.length));
      feeds.put(draw_S, Tensors.of(draws, draws.length));
    }
  }

  /** Inputs are int32 arrays in the order the entry feeds them. */
  private record Nodes(
      List<Placeholder<TInt32>> inputs, Keys keys, List<Operand<?>> outputs, List<Op> writes) {}

  /**
   * Slots and prefill rows are rounded up to whole blocks of 8, because kernels compute the rows
   * left over with other instructions: a sample would then differ in its last bits by its slot.
   *
   * @param slots least number of sequences decoded together (S)
   * @param capacity positions per slot (C): longest prompt plus longest response
   * @param prefillRows least number of prompts run together
   * @param prefillLength longest prompt; one shape for all, so that a prompt's numbers do not
   *     depend on the prompts beside it
   */
  public Decoder(Program program, int slots, int capacity, int prefillRows, int prefillLength) {
    if (slots < 1 || prefillRows < 1 || prefillLength < 1 || capacity <= prefillLength) {
      throw new IllegalArgumentException(
          ("a decoder needs at least 1 slot, 1 prefill row and a prompt shorter than its capacity,"
                  + " got %d slots, %d rows, prompts of %d, capacity %d")
              .formatted(slots, prefillRows, prefillLength, capacity));
    }
    this.program = program;
    this.cacheType = program.productType();
    this.slots = blocks(slots);
    this.capacity = capacity;
    this.prefillRows = blocks(prefillRows);
    this.prefillLength = prefillLength;
    ModelConfig c = program.config();
    Ops tf = program.ops().withSubScope("cache");
    Shape shape = Shape.of((long) this.slots * c.kvHeads() * capacity, c.headDim());
    int[] rows = {this.slots * c.kvHeads() * capacity, c.headDim()};
    List<Op> clear = new ArrayList<>();
    for (int l = 0; l < c.layers(); l++) {
      for (List<Operand<?>> caches : List.of(keyCaches, valueCaches)) {
        String name = tf.scope().makeOpName("cache" + l);
        Operand<?> handle = tf.varHandleOp(cacheType, shape, VarHandleOp.sharedName(name));
        caches.add(handle);
        // Zeros from a constant would be one buffer for all caches, and updates are in place.
        clear.add(
            tf.assignVariableOp(handle, tf.empty(tf.constant(rows), cacheType, Empty.init(true))));
      }
    }
    program.run(Map.of(), List.of(), clear, result -> null);
  }

  /** One row is always alone, and so always the same. */
  private static int blocks(int rows) {
    return rows == 1 ? 1 : (rows + BLOCK - 1) / BLOCK * BLOCK;
  }

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public int prefillLength() {
    return prefillLength;
  }

  @Override
  public int prefillRows() {
    return prefillRows;
  }

  @Override
  public Drawn prefill(
      List<int[]> prompts, int[] slotPrompts, int[] slotIds, long[] sequences, Sampling sampling) {
    int[] ids = new int[prefillRows * prefillLength];
    int[] lengths = new int[prefillRows];
    Arrays.fill(lengths, 1);
    for (int i = 0; i < prompts.size(); i++) {
      check(prompts.get(i), i);
      System.arraycopy(prompts.get(i), 0, ids, i * prefillLength, prompts.get(i).length);
      lengths[i] = prompts.get(i).length;
    }
    // Unused entries repeat the first one: the same rows are written twice with the same values.
    int used = slotIds.length;
    int[] prompt = padded(slotPrompts, used);
    int[] slot = padded(slotIds, used);
    long[] sequence = new long[slots];
    for (int i = 0; i < slots; i++) {
      sequence[i] = sequences[i < used ? i : 0];
    }
    Nodes n = prefills.computeIfAbsent(sampling.truncates(), this::buildPrefill);
    Map<Operand<?>, Tensor> feeds = new HashMap<>();
    feeds.put(n.inputs.get(0), Tensors.of(ids, prefillRows, prefillLength));
    feeds.put(n.inputs.get(1), Tensors.of(lengths, prefillRows));
    feeds.put(n.inputs.get(2), Tensors.of(prompt, slots));
    feeds.put(n.inputs.get(3), Tensors.of(slot, slots));
    n.keys.feed(feeds, sampling, sequence, new long[slots]);
    return program.run(feeds, n.outputs, n.writes, Decoder::drawn);
  }

  @Override
  public Drawn step(
      int[] tokens, int[] positions, long[] sequences, long[] draws, Sampling sampling) {
    Nodes n = steps.computeIfAbsent(sampling.truncates(), this::buildStep);
    Map<Operand<?>, Tensor> feeds = new HashMap<>();
    feeds.put(n.inputs.get(0), Tensors.of(tokens, slots));
    feeds.put(n.inputs.get(1), Tensors.of(positions, slots));
    n.keys.feed(feeds, sampling, sequences, draws);
    return program.run(feeds, n.outputs, n.writes, Decoder::drawn);
  }

  /** Refuses what would spill into the next row, or be read as another token by XLA's gather. */
  private void check(int[] prompt, int index) {
    if (prompt.length < 1 || prompt.length > prefillLength) {
      throw new IllegalArgumentException(
          "prompt %d has %d tokens but 1 to %d are allowed; shorten it or set a larger window"
              .formatted(index, prompt.length, prefillLength));
    }
    int vocabulary = program.config().vocabulary();
    for (int t = 0; t < prompt.length; t++) {
      if (prompt[t] < 0 || prompt[t] >= vocabulary) {
        throw new IllegalArgumentException(
            "token id %d at position %d of prompt %d is outside the vocabulary of %d; "
                    .formatted(prompt[t], t, index, vocabulary)
                + "use the model's own tokenizer");
      }
    }
  }

  private int[] padded(int[] values, int used) {
    int[] all = new int[slots];
    for (int i = 0; i < slots; i++) {
      all[i] = values[i < used ? i : 0];
    }
    return all;
  }

  private static Drawn drawn(Result result) {
    return new Drawn(Tensors.ints(result.get(0)), Tensors.floats(result.get(1)));
  }

  private Nodes buildStep(boolean truncates) {
    Ops tf = program.ops().withSubScope("decode");
    var token_S = Bucket.placeholder(tf, TInt32.class, slots);
    var position_S = Bucket.placeholder(tf, TInt32.class, slots);
    Keys keys = Keys.of(tf, slots);
    List<Placeholder<TInt32>> inputs = List.of(token_S, position_S);
    return lower(tf, "step", inputs, keys, (fn, in) -> stepBody(fn, in, truncates));
  }

  private Nodes buildPrefill(boolean truncates) {
    Ops tf = program.ops().withSubScope("prefill");
    List<Placeholder<TInt32>> inputs =
        List.of(
            Bucket.placeholder(tf, TInt32.class, prefillRows, prefillLength),
            Bucket.placeholder(tf, TInt32.class, prefillRows),
            Bucket.placeholder(tf, TInt32.class, slots),
            Bucket.placeholder(tf, TInt32.class, slots));
    return lower(
        tf, "prefill", inputs, Keys.of(tf, slots), (fn, in) -> prefillBody(fn, in, truncates));
  }

  /** Feeds (inputs, keys, caches, weights) to a body that gives (token, logp, caches). */
  private Nodes lower(
      Ops tf, String name, List<Placeholder<TInt32>> inputs, Keys keys, Lowering.Body body) {
    List<Operand<?>> in = new ArrayList<>(inputs);
    in.addAll(keys.operands());
    List<Operand<?>> caches = new ArrayList<>(keyCaches);
    caches.addAll(valueCaches);
    for (Operand<?> cache : caches) {
      in.add(tf.readVariableOp(cache, cacheType));
    }
    in.addAll(program.reads(tf));
    List<Operand<?>> out = program.lowering().call(tf, name, in, body);
    List<Op> writes = new ArrayList<>();
    for (int i = 0; i < caches.size(); i++) {
      Operand<?> updated = out.get(2 + i);
      // An in-place update has already changed the variable's buffer; it only has to run.
      writes.add(
          program.lowering().rowWrite() == RowWrite.IN_PLACE
              ? updated
              : tf.assignVariableOp(caches.get(i), updated));
    }
    return new Nodes(inputs, keys, out.subList(0, 2), writes);
  }

  /** The operands of a body, split into their parts. */
  private final class Parts {
    final List<Operand<?>> keys;
    final List<Operand<? extends TFloating>> keyCache = new ArrayList<>();
    final List<Operand<? extends TFloating>> valueCache = new ArrayList<>();
    final Transformer model;

    @SuppressWarnings("unchecked") // caches are floating
    Parts(Ops tf, List<Operand<?>> in, int inputs) {
      int layers = program.config().layers();
      keys = in.subList(inputs, inputs + 6);
      for (int l = 0; l < layers; l++) {
        keyCache.add((Operand<? extends TFloating>) in.get(inputs + 6 + l));
        valueCache.add((Operand<? extends TFloating>) in.get(inputs + 6 + layers + l));
      }
      model = Scorer.model(tf, program.config(), in.subList(inputs + 6 + 2 * layers, in.size()));
    }

    @SuppressWarnings("unchecked") // the order of Keys
    List<Operand<?>> sample(Ops tf, Operand<TFloat32> logits_SV, boolean truncates) {
      var ones_S = tf.constant(ones());
      var seed_S = tf.math.mul(tf.dtypes.cast(ones_S, TInt64.class), (Operand<TInt64>) keys.get(3));
      var settings =
          new Sampler.Settings(
              tf.math.mul(ones_S, (Operand<TFloat32>) keys.get(0)),
              tf.math.mul(tf.dtypes.cast(ones_S, TInt32.class), (Operand<TInt32>) keys.get(1)),
              tf.math.mul(ones_S, (Operand<TFloat32>) keys.get(2)),
              Sampler.uniform(
                  tf, seed_S, (Operand<TInt64>) keys.get(4), (Operand<TInt64>) keys.get(5)));
      Sampler.Draw draw = Sampler.draw(tf, logits_SV, settings, truncates);
      return new ArrayList<>(List.of(draw.token_B(), draw.logp_B()));
    }

    private float[] ones() {
      float[] ones = new float[slots];
      Arrays.fill(ones, 1f);
      return ones;
    }
  }

  @SuppressWarnings("unchecked") // tokens and positions are int32
  private List<Operand<?>> stepBody(Ops tf, List<Operand<?>> in, boolean truncates) {
    Parts parts = new Parts(tf, in, 2);
    var position_S = (Operand<TInt32>) in.get(1);
    var attend =
        new CacheAttention(
            program.lowering().rowWrite(),
            parts.keyCache,
            parts.valueCache,
            Dim.of(capacity),
            position_S);
    var h_S1D =
        parts.model.apply(
            tf,
            tf.expandDims((Operand<TInt32>) in.get(0), tf.constant(1)),
            tf.expandDims(position_S, tf.constant(1)),
            attend);
    var h_SD = tf.reshape(h_S1D, tf.constant(new int[] {slots, program.config().hidden()}));
    var logits_SV = Cast.float32(tf, parts.model.head_VD().product(tf, h_SD));
    List<Operand<?>> out = parts.sample(tf, logits_SV, truncates);
    out.addAll(attend.keys());
    out.addAll(attend.values());
    return out;
  }

  @SuppressWarnings("unchecked") // ids, lengths and maps are int32
  private List<Operand<?>> prefillBody(Ops tf, List<Operand<?>> in, boolean truncates) {
    Parts parts = new Parts(tf, in, 4);
    var ids_PT = (Operand<TInt32>) in.get(0);
    var length_P = (Operand<TInt32>) in.get(1);
    var prompt_S = (Operand<TInt32>) in.get(2);
    var slot_S = (Operand<TInt32>) in.get(3);
    int length = Math.toIntExact(ids_PT.shape().get(1));
    // Padding lies to the right of a prompt, so the causal mask alone keeps it out of sight.
    var recorder = new KeyValues(FullAttention.within(tf, tf.zerosLike(ids_PT)));
    var position_T = tf.range(tf.constant(0), tf.constant(length), tf.constant(1));
    var position_PT = tf.math.add(tf.zerosLike(ids_PT), position_T);
    var h_PTD = parts.model.apply(tf, ids_PT, position_PT, recorder);
    var last_P =
        tf.stack(
            List.of(
                tf.range(tf.constant(0), tf.constant(prefillRows), tf.constant(1)),
                tf.math.sub(length_P, tf.constant(1))),
            Stack.axis(1L));
    var h_PD = tf.gatherNd(h_PTD, last_P);
    var logits_PV = Cast.float32(tf, parts.model.head_VD().product(tf, h_PD));
    List<Operand<?>> out =
        parts.sample(tf, tf.gather(logits_PV, prompt_S, tf.constant(0)), truncates);
    var rows = prefillRowsOf(tf, slot_S, length);
    List<Operand<?>> values = new ArrayList<>();
    for (int l = 0; l < program.config().layers(); l++) {
      out.add(fill(tf, parts.keyCache.get(l), rows, recorder.keys().get(l), prompt_S));
      values.add(fill(tf, parts.valueCache.get(l), rows, recorder.values().get(l), prompt_S));
    }
    out.addAll(values);
    return out;
  }

  /**
   * Cache rows of positions 0 … length−1 of each entry's slot, in (entry, head, position) order.
   */
  private Operand<TInt32> prefillRowsOf(Ops tf, Operand<TInt32> slot_S, int length) {
    int kvHeads = program.config().kvHeads();
    int[] offsets = new int[kvHeads * length];
    for (int k = 0; k < kvHeads; k++) {
      for (int t = 0; t < length; t++) {
        offsets[k * length + t] = k * capacity + t;
      }
    }
    var start_S1 =
        tf.expandDims(tf.math.mul(slot_S, tf.constant(kvHeads * capacity)), tf.constant(1));
    return tf.reshape(tf.math.add(start_S1, tf.constant(offsets)), tf.constant(new int[] {-1}));
  }

  private <T extends TFloating> Operand<T> fill(
      Ops tf,
      Operand<T> cache_RH,
      Operand<TInt32> rows,
      Operand<TFloat32> x_PKTH,
      Operand<TInt32> prompt_S) {
    var x_SKTH = tf.gather(x_PKTH, prompt_S, tf.constant(0));
    var x_rH = tf.reshape(x_SKTH, tf.constant(new int[] {-1, program.config().headDim()}));
    return program
        .lowering()
        .rowWrite()
        .apply(tf, cache_RH, rows, Cast.to(tf, x_rH, cache_RH.type()));
  }
}
