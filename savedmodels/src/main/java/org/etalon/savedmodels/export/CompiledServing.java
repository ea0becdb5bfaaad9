package org.etalon.savedmodels.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.decode.GenerateGraph;
import org.etalon.graph.decode.ScoreGraph;
import org.etalon.graph.model.Dim;
import org.etalon.graph.program.Lowering;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * Generation and scoring as functions that XLA must compile. XLA compiles once for every shape, so
 * rows, prompt and response are padded here to powers of two, and what was padded is cut off again:
 * the signature is that of the plain graph.
 */
record CompiledServing(ModelConfig config, List<Integer> stopIds, int padId) {
  /** Our choice: shorter prompts and responses would save little beside a compilation. */
  private static final int LEAST = 16;

  GenerateGraph.Generated generate(
      Ops tf, Map<String, Operand<?>> weights, GenerateGraph.Request asked) {
    var generate = new GenerateGraph(config, stopIds, padId, true);
    var padded = new Padded(tf, asked.ids_BT());
    var request =
        new GenerateGraph.Request(
            padded.ids(tf, config),
            padded.lengths(tf, asked.length_B()),
            padded.rows(tf, asked.temperature_B(), tf.constant(0f)),
            padded.rows(tf, asked.topK_B(), tf.constant(0)),
            padded.rows(tf, asked.topP_B(), tf.constant(1f)),
            padded.rows(tf, asked.seed_B(), tf.constant(0L)),
            padded.rows(tf, asked.maxNew_B(), tf.constant(0)));
    Operand<TInt32> limit_B = generate.limit(tf, request);
    Operand<TInt32> most = generate.most(tf, limit_B);
    List<Operand<?>> inputs = new ArrayList<>();
    inputs.add(request.ids_BT());
    inputs.add(request.length_B());
    inputs.add(request.temperature_B());
    inputs.add(request.topK_B());
    inputs.add(request.topP_B());
    inputs.add(request.seed_B());
    inputs.add(limit_B);
    inputs.add(Padded.bucket(tf, most, LEAST));
    int given = inputs.size();
    config.parameters().forEach(spec -> inputs.add(weights.get(spec.name())));
    List<Operand<?>> out =
        Lowering.XLA.call(tf, "generate", inputs, (inner, in) -> body(inner, generate, in, given));
    return cut(tf, out, padded.b(), most);
  }

  @SuppressWarnings("unchecked") // the order of the inputs
  private List<Operand<?>> body(Ops tf, GenerateGraph generate, List<Operand<?>> in, int given) {
    var limit_B = (Operand<TInt32>) in.get(6);
    var request =
        new GenerateGraph.Request(
            (Operand<TInt32>) in.get(0),
            (Operand<TInt32>) in.get(1),
            (Operand<TFloat32>) in.get(2),
            (Operand<TInt32>) in.get(3),
            (Operand<TFloat32>) in.get(4),
            (Operand<TInt64>) in.get(5),
            limit_B);
    GenerateGraph.Generated out =
        generate.generate(
            tf, named(in.subList(given, in.size())), request, limit_B, (Operand<TInt32>) in.get(7));
    return List.of(out.ids_BN(), out.length_B(), out.logp_BN(), out.finish_B());
  }

  @SuppressWarnings("unchecked") // the order of the outputs
  private static GenerateGraph.Generated cut(
      Ops tf, List<Operand<?>> out, Operand<TInt32> b, Operand<TInt32> n) {
    var none_2 = tf.constant(new int[] {0, 0});
    var none_1 = tf.constant(new int[] {0});
    var size_2 = tf.stack(List.of(b, n));
    var size_1 = tf.expandDims(b, tf.constant(0));
    return new GenerateGraph.Generated(
        tf.slice((Operand<TInt32>) out.get(0), none_2, size_2),
        tf.slice((Operand<TInt32>) out.get(1), none_1, size_1),
        tf.slice((Operand<TFloat32>) out.get(2), none_2, size_2),
        tf.slice((Operand<TInt32>) out.get(3), none_1, size_1));
  }

  @SuppressWarnings("unchecked") // the order of the inputs and outputs
  Operand<TFloat32> score(
      Ops tf, Map<String, Operand<?>> weights, Operand<TInt32> ids_BT, Operand<TInt32> length_B) {
    var score = new ScoreGraph(config, ScoreGraph.CHUNK, true);
    var padded = new Padded(tf, ids_BT);
    List<Operand<?>> inputs = new ArrayList<>();
    inputs.add(padded.ids(tf, config));
    inputs.add(padded.lengths(tf, length_B));
    config.parameters().forEach(spec -> inputs.add(weights.get(spec.name())));
    List<Operand<?>> out =
        Lowering.XLA.call(
            tf,
            "score",
            inputs,
            (inner, in) ->
                List.of(
                    score.apply(
                        inner,
                        named(in.subList(2, in.size())),
                        (Operand<TInt32>) in.get(0),
                        (Operand<TInt32>) in.get(1))));
    var before = tf.math.maximum(tf.math.sub(padded.t(), tf.constant(1)), tf.constant(0));
    return tf.slice(
        (Operand<TFloat32>) out.get(0),
        tf.constant(new int[] {0, 0}),
        tf.stack(List.of(padded.b(), before)));
  }

  private Map<String, Operand<?>> named(List<Operand<?>> values) {
    List<ParameterSpec> specs = config.parameters();
    Map<String, Operand<?>> weights = new HashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      weights.put(specs.get(i).name(), values.get(i));
    }
    return weights;
  }

  /** A request's sizes, and how many rows and columns are added to them. */
  private record Padded(
      Operand<TInt32> ids_BT,
      Operand<TInt32> b,
      Operand<TInt32> t,
      Operand<TInt32> moreRows,
      Operand<TInt32> moreColumns) {
    Padded(Ops tf, Operand<TInt32> ids_BT) {
      this(ids_BT, Dim.of(tf, ids_BT, 0).operand(tf), Dim.of(tf, ids_BT, 1).operand(tf), tf);
    }

    private Padded(Operand<TInt32> ids_BT, Operand<TInt32> b, Operand<TInt32> t, Ops tf) {
      this(ids_BT, b, t, tf.math.sub(bucket(tf, b, 1), b), tf.math.sub(bucket(tf, t, LEAST), t));
    }

    /**
     * The next power of two, from {@code least} up; beyond the largest int among them the number
     * itself.
     */
    static Operand<TInt32> bucket(Ops tf, Operand<TInt32> size, int least) {
      int count = 31 - Integer.numberOfTrailingZeros(least);
      int[] sizes = new int[count];
      for (int i = 0; i < count; i++) {
        sizes[i] = least << i;
      }
      var all = tf.constant(sizes);
      var otherwise = tf.math.maximum(size, tf.constant(sizes[count - 1]));
      return tf.reduceMin(
          tf.select(tf.math.greaterEqual(all, size), all, otherwise), tf.constant(0));
    }

    /** Ids, each looked up in the vocabulary, because XLA would take others for the nearest. */
    Operand<TInt32> ids(Ops tf, ModelConfig config) {
      var valid = tf.range(tf.constant(0), tf.constant(config.vocabulary()), tf.constant(1));
      Operand<TInt32> checked_BT = tf.gather(valid, ids_BT, tf.constant(0));
      var none = tf.constant(0);
      var rows = tf.stack(List.of(none, moreRows));
      var columns = tf.stack(List.of(none, moreColumns));
      return tf.pad(checked_BT, tf.stack(List.of(rows, columns)), none);
    }

    /** Lengths, each looked up among those that the prompts can have; less than none is none. */
    Operand<TInt32> lengths(Ops tf, Operand<TInt32> length_B) {
      var zero = tf.constant(0);
      var one = tf.constant(1);
      var valid = tf.range(zero, tf.math.add(t, one), one);
      Operand<TInt32> checked_B = tf.gather(valid, tf.math.maximum(length_B, zero), zero);
      return rows(tf, checked_B, zero);
    }

    /** A value for each row, more for the rows that are added. */
    <T extends TNumber> Operand<T> rows(Ops tf, Operand<T> x_B, Operand<T> filling) {
      var sized_B = tf.reshape(x_B, tf.expandDims(b, tf.constant(0)));
      var after = tf.stack(List.of(tf.constant(0), moreRows));
      return tf.pad(sized_B, tf.expandDims(after, tf.constant(0)), filling);
    }
  }
}
