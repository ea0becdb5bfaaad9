package org.etalon.graph.decode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Dim;
import org.etalon.graph.model.Loop;
import org.etalon.graph.model.RowWrite;
import org.etalon.graph.model.Transformer;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Empty;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * Generation as one graph with open batch and time, for serving: a prefill and a While loop whose
 * state is the key/value cache. Nothing outlives a call, so requests do not see each other.
 *
 * <p>A draw's random number is keyed by the row's seed and the position of the token before it: a
 * prompt continued by what was generated goes on as one longer call would have.
 *
 * @param config the model
 * @param stopIds tokens that end a row
 * @param padId what fills a row after its end
 * @param compiled whether the nodes go into a function that XLA compiles
 */
public record GenerateGraph(
    ModelConfig config, List<Integer> stopIds, int padId, boolean compiled) {
  /** Finish reason of a row that wrote a stop token. */
  public static final int STOP = 0;

  /** Finish reason of a row that reached its limit, or was asked for nothing. */
  public static final int LENGTH = 1;

  /** Loop state before the caches: step, token, position, done, stopped, count, ids, log-probs. */
  private static final int STATE = 8;

  /** Loop invariants before the weights: five vectors of the request, and N. */
  private static final int FIXED = 6;

  public GenerateGraph {
    stopIds = List.copyOf(stopIds);
  }

  /** Nodes for TensorFlow's executor. */
  public GenerateGraph(ModelConfig config, List<Integer> stopIds, int padId) {
    this(config, stopIds, padId, false);
  }

  /**
   * What is asked of each row.
   *
   * @param ids_BT prompts, padded on the right
   * @param length_B tokens of each prompt
   * @param temperature_B 0 for greedy
   * @param topK_B 0 for all
   * @param topP_B 1 for all
   * @param seed_B of each row's random numbers
   * @param maxNew_B most tokens to generate; less where the model's window leaves less room, and
   *     none for a row without a prompt
   */
  public record Request(
      Operand<TInt32> ids_BT,
      Operand<TInt32> length_B,
      Operand<TFloat32> temperature_B,
      Operand<TInt32> topK_B,
      Operand<TFloat32> topP_B,
      Operand<TInt64> seed_B,
      Operand<TInt32> maxNew_B) {
    /** The same; a vector of another size is an error when the graph runs, not spread over rows. */
    Request ofRows(Ops tf, Dim b) {
      Operand<TInt32> shape = Dim.shape(tf, b);
      return new Request(
          ids_BT,
          tf.reshape(length_B, shape),
          tf.reshape(temperature_B, shape),
          tf.reshape(topK_B, shape),
          tf.reshape(topP_B, shape),
          tf.reshape(seed_B, shape),
          tf.reshape(maxNew_B, shape));
    }
  }

  /**
   * What each row got; N is the largest limit of the batch, at least 1.
   *
   * @param ids_BN generated tokens, the stop token included, then padding
   * @param length_B number of generated tokens
   * @param logp_BN ln p of each token, 0 in padding
   * @param finish_B {@link #STOP} or {@link #LENGTH}
   */
  public record Generated(
      Operand<TInt32> ids_BN,
      Operand<TInt32> length_B,
      Operand<TFloat32> logp_BN,
      Operand<TInt32> finish_B) {}

  /** Generates; N is the largest limit of the batch. */
  public Generated generate(Ops tf, Map<String, ? extends Operand<?>> weights, Request asked) {
    Request request = asked.ofRows(tf, Dim.of(tf, asked.ids_BT, 0));
    Operand<TInt32> limit_B = limit(tf, request);
    return generate(tf, weights, request, limit_B, most(tf, limit_B));
  }

  /**
   * Generates with room for a given number of tokens.
   *
   * @param limit_B tokens each row may generate, of {@link #limit}
   * @param most the room (N), at least the largest limit and 1; a constant where XLA compiles
   */
  public Generated generate(
      Ops tf,
      Map<String, ? extends Operand<?>> weights,
      Request request,
      Operand<TInt32> limit_B,
      Operand<TInt32> most) {
    Dim b = Dim.of(tf, request.ids_BT, 0);
    Dim t = Dim.of(tf, request.ids_BT, 1);
    Operand<TInt32> capacity = tf.math.add(t.operand(tf), most);
    Transformer model = Transformer.of(tf, config, weights::get);
    var recorder = new KeyValues(new PromptAttention(compiled));
    var h_BTD = model.apply(tf, request.ids_BT, positions(tf, request.ids_BT, t), recorder);
    Sampler.Draw first = first(tf, model, h_BTD, request, b);

    var zero_B = tf.zerosLike(request.length_B);
    var asked_B = tf.math.greater(limit_B, zero_B);
    Row row = write(tf, first, asked_B, zero_B, limit_B);
    List<Operand<?>> state = new ArrayList<>();
    state.add(one(tf));
    state.add(first.token_B());
    state.add(tf.math.maximum(request.length_B, one(tf)));
    state.add(row.done_B);
    state.add(row.stopped_B);
    state.add(row.count_B);
    state.add(rowZero(tf, TInt32.class, most, b, row.token_B));
    state.add(rowZero(tf, TFloat32.class, most, b, row.logp_B));
    var rows = prefillRows(tf, b, t, capacity);
    for (List<Operand<TFloat32>> layers : List.of(recorder.keys(), recorder.values())) {
      for (Operand<TFloat32> x_BTKH : layers) {
        state.add(cache(tf, cacheType(model), b, capacity, rows, x_BTKH));
      }
    }
    state.addAll(
        List.of(
            request.temperature_B, request.topK_B, request.topP_B, request.seed_B, limit_B, most));
    for (ParameterSpec spec : config.parameters()) {
      state.add(weights.get(spec.name()));
    }
    return result(tf, Loop.of(tf, state, this::goesOn, this::step, compiled));
  }

  /**
   * Tokens each row may generate. A prompt and its response stay within the model's window, so that
   * a request cannot ask for a cache of any size.
   */
  public Operand<TInt32> limit(Ops tf, Request request) {
    var zero_B = tf.zerosLike(request.length_B);
    var room_B = tf.math.sub(tf.constant(config.maxPositions()), request.length_B);
    var limit_B = tf.math.maximum(tf.math.minimum(request.maxNew_B, room_B), zero_B);
    return tf.select(tf.math.greater(request.length_B, zero_B), limit_B, zero_B);
  }

  /** The largest limit of a batch, at least 1. */
  public Operand<TInt32> most(Ops tf, Operand<TInt32> limit_B) {
    return tf.math.maximum(tf.reduceMax(limit_B, tf.constant(0)), one(tf));
  }

  @SuppressWarnings("unchecked") // the order of the loop's state
  private Generated result(Ops tf, List<? extends Operand<?>> end) {
    var swap = tf.constant(new int[] {1, 0});
    var stopped_B = tf.dtypes.cast((Operand<TBool>) end.get(4), TInt32.class);
    return new Generated(
        tf.linalg.transpose((Operand<TInt32>) end.get(6), swap),
        (Operand<TInt32>) end.get(5),
        tf.linalg.transpose((Operand<TFloat32>) end.get(7), swap),
        tf.math.sub(tf.constant(LENGTH), stopped_B));
  }

  private Sampler.Draw first(Ops tf, Transformer model, Operand<?> h_BTD, Request request, Dim b) {
    var last_B = tf.math.sub(tf.math.maximum(request.length_B, one(tf)), one(tf));
    var row_B = tf.range(tf.constant(0), b.operand(tf), one(tf));
    var h_BD = tf.gatherNd(h_BTD, tf.stack(List.of(row_B, last_B), Stack.axis(1L)));
    var logits_BV = model.logits(tf, h_BD);
    return Sampler.drawAsAsked(
        tf,
        logits_BV,
        settings(tf, request.temperature_B, request.topK_B, request.topP_B, request.seed_B, last_B),
        compiled);
  }

  private static Sampler.Settings settings(
      Ops tf,
      Operand<TFloat32> temperature_B,
      Operand<TInt32> topK_B,
      Operand<TFloat32> topP_B,
      Operand<TInt64> seed_B,
      Operand<TInt32> position_B) {
    var draw_B = tf.dtypes.cast(position_B, TInt64.class);
    return new Sampler.Settings(
        temperature_B, topK_B, topP_B, Sampler.uniform(tf, seed_B, tf.zerosLike(seed_B), draw_B));
  }

  /** A step's outcome for each row: what to record, and whether the row goes on. */
  private record Row(
      Operand<TInt32> token_B,
      Operand<TFloat32> logp_B,
      Operand<TBool> done_B,
      Operand<TBool> stopped_B,
      Operand<TInt32> count_B) {}

  private Row write(
      Ops tf,
      Sampler.Draw draw,
      Operand<TBool> active_B,
      Operand<TInt32> count_B,
      Operand<TInt32> maxNew_B) {
    var pad_B = tf.math.add(tf.zerosLike(draw.token_B()), tf.constant(padId));
    var token_B = tf.select(active_B, draw.token_B(), pad_B);
    var logp_B = tf.select(active_B, draw.logp_B(), tf.zerosLike(draw.logp_B()));
    var now_B = tf.math.add(count_B, tf.dtypes.cast(active_B, TInt32.class));
    var stops = tf.constant(stopIds.stream().mapToInt(Integer::intValue).toArray());
    var isStop_B =
        tf.reduceAny(tf.math.equal(tf.expandDims(draw.token_B(), one(tf)), stops), one(tf));
    var stopped_B = tf.math.logicalAnd(active_B, isStop_B);
    var full_B = tf.math.greaterEqual(now_B, maxNew_B);
    var done_B =
        tf.math.logicalOr(tf.math.logicalNot(active_B), tf.math.logicalOr(stopped_B, full_B));
    return new Row(token_B, logp_B, done_B, stopped_B, now_B);
  }

  @SuppressWarnings("unchecked") // the order of the loop's state
  private List<Operand<?>> goesOn(Ops tf, List<Operand<?>> state) {
    var most = (Operand<TInt32>) state.get(STATE + 2 * config.layers() + 5);
    var open = tf.math.logicalNot((Operand<TBool>) state.get(3));
    return List.of(
        tf.math.logicalAnd(
            tf.math.less((Operand<TInt32>) state.get(0), most),
            tf.reduceAny(open, tf.constant(0))));
  }

  @SuppressWarnings("unchecked") // the order of the loop's state
  private List<Operand<?>> step(Ops tf, List<Operand<?>> state) {
    int layers = config.layers();
    int fixed = STATE + 2 * layers;
    List<Operand<? extends TFloating>> keys = new ArrayList<>();
    List<Operand<? extends TFloating>> values = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      keys.add((Operand<? extends TFloating>) state.get(STATE + l));
      values.add((Operand<? extends TFloating>) state.get(STATE + layers + l));
    }
    List<ParameterSpec> specs = config.parameters();
    Map<String, Operand<?>> weights = new HashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      weights.put(specs.get(i).name(), state.get(fixed + FIXED + i));
    }
    var index = (Operand<TInt32>) state.get(0);
    var position_B = (Operand<TInt32>) state.get(2);
    var active_B = tf.math.logicalNot((Operand<TBool>) state.get(3));
    // From shapes, which XLA knows, and not from the state, whose values it does not.
    Dim heads = Dim.of(tf, position_B, 0).times(tf, config.kvHeads());
    var rows = Dim.of(tf, keys.get(0), 0).operand(tf);
    Dim capacity = new Dim(-1, tf.math.div(rows, tf.math.maximum(heads.operand(tf), one(tf))));
    Transformer model = Transformer.of(tf, config, weights::get);
    var attend = new CacheAttention(rowWrite(), keys, values, capacity, position_B);
    var h_B1D =
        model.apply(
            tf,
            tf.expandDims((Operand<TInt32>) state.get(1), one(tf)),
            tf.expandDims(position_B, one(tf)),
            attend);
    var h_BD = tf.reshape(h_B1D, tf.constant(new int[] {-1, config.hidden()}));
    var logits_BV = model.logits(tf, h_BD);
    var settings =
        settings(
            tf,
            (Operand<TFloat32>) state.get(fixed),
            (Operand<TInt32>) state.get(fixed + 1),
            (Operand<TFloat32>) state.get(fixed + 2),
            (Operand<TInt64>) state.get(fixed + 3),
            position_B);
    Sampler.Draw draw = Sampler.drawAsAsked(tf, logits_BV, settings, compiled);
    Row row =
        write(
            tf,
            draw,
            active_B,
            (Operand<TInt32>) state.get(5),
            (Operand<TInt32>) state.get(fixed + 4));
    List<Operand<?>> next = new ArrayList<>();
    next.add(tf.math.add(index, one(tf)));
    next.add(draw.token_B());
    next.add(tf.math.add(position_B, tf.dtypes.cast(active_B, TInt32.class)));
    next.add(row.done_B);
    next.add(tf.math.logicalOr((Operand<TBool>) state.get(4), row.stopped_B));
    next.add(row.count_B);
    next.add(rowWrite().one(tf, (Operand<TInt32>) state.get(6), index, row.token_B));
    next.add(rowWrite().one(tf, (Operand<TFloat32>) state.get(7), index, row.logp_B));
    next.addAll(attend.keys());
    next.addAll(attend.values());
    next.addAll(state.subList(fixed, state.size()));
    return next;
  }

  /** [N, B] with the first step in row 0 and padding below. */
  private <T extends TType> Operand<T> rowZero(
      Ops tf, Class<T> type, Operand<TInt32> most, Dim b, Operand<T> row_B) {
    Operand<T> empty = zeros(tf, type, most, b.operand(tf));
    Operand<T> filled =
        type == TInt32.class
            ? tf.math.add(empty, tf.dtypes.cast(tf.constant(padId), type))
            : tf.math.add(empty, tf.zerosLike(empty));
    return rowWrite().one(tf, filled, tf.constant(0), row_B);
  }

  private RowWrite rowWrite() {
    return RowWrite.of(compiled);
  }

  private <T extends TType> Operand<T> zeros(
      Ops tf, Class<T> type, Operand<TInt32> rows, Operand<TInt32> columns) {
    Operand<TInt32> shape = tf.stack(List.of(rows, columns));
    // A stateful op of its own: equal constants would be merged into one buffer, and the loop
    // writes in place.
    return compiled
        ? tf.fill(shape, tf.dtypes.cast(tf.constant(0), type))
        : tf.empty(shape, type, Empty.init(true));
  }

  /** That of products, as in the decoder in process; XLA would convert whole caches each step. */
  private Class<? extends TFloating> cacheType(Transformer model) {
    return compiled ? TFloat32.class : model.head_VD().type();
  }

  private <T extends TFloating> Operand<T> cache(
      Ops tf,
      Class<T> type,
      Dim b,
      Operand<TInt32> capacity,
      Operand<TInt32> rows,
      Operand<TFloat32> x_BKTH) {
    var size = tf.math.mul(b.times(tf, config.kvHeads()).operand(tf), capacity);
    var empty = zeros(tf, type, size, tf.constant(config.headDim()));
    var x_rH = Cast.to(tf, tf.reshape(x_BKTH, tf.constant(new int[] {-1, config.headDim()})), type);
    var shaped = tf.ensureShape(empty, Shape.of(Shape.UNKNOWN_SIZE, config.headDim()));
    return rowWrite().apply(tf, shaped, rows, x_rH);
  }

  /** Cache rows of a prompt's positions, in (row, head, position) order. */
  private Operand<TInt32> prefillRows(Ops tf, Dim b, Dim t, Operand<TInt32> capacity) {
    var head_X = tf.range(tf.constant(0), b.times(tf, config.kvHeads()).operand(tf), one(tf));
    var start_X1 = tf.expandDims(tf.math.mul(head_X, capacity), one(tf));
    var index_T = tf.range(tf.constant(0), t.operand(tf), one(tf));
    return tf.reshape(tf.math.add(start_X1, index_T), tf.constant(new int[] {-1}));
  }

  private static Operand<TInt32> positions(Ops tf, Operand<TInt32> ids_BT, Dim t) {
    var index_T = tf.range(tf.constant(0), t.operand(tf), one(tf));
    return tf.math.add(tf.zerosLike(ids_BT), index_T);
  }

  private static Operand<TInt32> one(Ops tf) {
    return tf.constant(1);
  }
}
