package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.etalon.graph.ModelConfig;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A decoder-only transformer: RMSNorm, rotary positions, grouped-query attention with biases on q,
 * k and v (Qwen2), norms on q and k (Qwen3) or neither (Llama), SwiGLU, tied or untied head. Pure
 * graph building over parameters given as operands; training and decoding differ only in the {@link
 * Attend} they pass.
 *
 * <p>Our choice: no name scopes inside. TensorFlow Java walks through every node of the graph for
 * each new scope, which made the time to build a model quadratic in its layers.
 */
public record Transformer(
    ModelConfig config,
    Matrix embedding_VD,
    Rope rope,
    List<Block> blocks,
    RmsNorm norm,
    Matrix head_VD) {

  private static final String EMBEDDING = "model.embed_tokens.weight";

  /** The model over the parameters that {@code parameter} gives for their Hugging Face names. */
  public static Transformer of(
      Ops tf, ModelConfig c, Function<String, ? extends Operand<?>> parameter) {
    var embedding_VD = Matrix.of(parameter.apply(EMBEDDING));
    return of(tf, c, parameter, embedding_VD, c.tied() ? embedding_VD : head(parameter));
  }

  /**
   * The same over rounded copies.
   *
   * @param exactEmbedding_VD the embedding in float32: rows are taken from it and rounded then, so
   *     that their gradients add up in float32
   */
  public static Transformer ofRounded(
      Ops tf,
      ModelConfig c,
      Function<String, ? extends Operand<?>> parameter,
      Operand<?> exactEmbedding_VD) {
    var head_VD = c.tied() ? Matrix.of(parameter.apply(EMBEDDING)) : head(parameter);
    return of(tf, c, parameter, Matrix.ofRoundedRows(exactEmbedding_VD), head_VD);
  }

  private static Matrix head(Function<String, ? extends Operand<?>> parameter) {
    return Matrix.of(parameter.apply("lm_head.weight"));
  }

  private static Transformer of(
      Ops tf,
      ModelConfig c,
      Function<String, ? extends Operand<?>> parameter,
      Matrix embedding_VD,
      Matrix head_VD) {
    List<Block> blocks = new ArrayList<>();
    for (int l = 0; l < c.layers(); l++) {
      blocks.add(Block.of(c, l, parameter));
    }
    RmsNorm norm = RmsNorm.of(c, "model.norm", parameter);
    return new Transformer(c, embedding_VD, Rope.of(tf, c), List.copyOf(blocks), norm, head_VD);
  }

  /**
   * Normalised final states.
   *
   * @param ids_BT token ids
   * @param positions_BT position of each token within its document
   * @return [B, T, D], to be multiplied with {@link #head_VD()}
   */
  public Operand<TFloat32> apply(
      Ops tf, Operand<TInt32> ids_BT, Operand<TInt32> positions_BT, Attend attend) {
    return apply(tf, Tape.uncut(), ids_BT, positions_BT, attend);
  }

  /** The same on a tape, for gradients by the parameters. */
  public Operand<TFloat32> apply(
      Ops tf, Tape tape, Operand<TInt32> ids_BT, Operand<TInt32> positions_BT, Attend attend) {
    Operand<TFloat32> x_BTD =
        only(
            tape.segment(
                tf,
                List.of(),
                () -> List.of(embedding_VD.values_OI()),
                (ops, in) -> List.of(embedding_VD.rows(ops, ids_BT))));
    Angles angles = rope.angles(tf, positions_BT);
    for (Block block : blocks) {
      x_BTD = block.apply(tf, tape, x_BTD, angles, attend);
    }
    return only(
        tape.segment(
            tf,
            List.of(x_BTD),
            () -> List.of(norm.weight_D),
            (ops, in) -> List.of(norm.apply(ops, in.get(0)))));
  }

  private static Operand<TFloat32> only(List<Operand<TFloat32>> outputs) {
    return outputs.get(0);
  }

  @SuppressWarnings("unchecked") // norms and biases are float32
  private static Operand<TFloat32> vector(
      Function<String, ? extends Operand<?>> parameter, String name) {
    return (Operand<TFloat32>) parameter.apply(name);
  }

  /** x / √(mean x² + ε) · w. */
  public record RmsNorm(Operand<TFloat32> weight_D, float epsilon) {
    static RmsNorm of(
        ModelConfig c, String name, Function<String, ? extends Operand<?>> parameter) {
      return new RmsNorm(vector(parameter, name + ".weight"), (float) c.normEpsilon());
    }

    Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x_BTD) {
      var meanSquare = tf.math.mean(tf.math.square(x_BTD), tf.constant(-1), Mean.keepDims(true));
      var scale = tf.math.rsqrt(tf.math.add(meanSquare, tf.constant(epsilon)));
      return tf.math.mul(tf.math.mul(x_BTD, scale), weight_D);
    }
  }

  /** x Wᵀ + b over the last dimension; the bias may be absent (null). */
  public record Linear(Matrix weight, Operand<TFloat32> bias) {
    Stream<Operand<? extends TFloating>> parameters() {
      return Stream.<Operand<? extends TFloating>>of(weight.values_OI(), bias)
          .filter(Objects::nonNull);
    }

    static Linear of(String name, boolean bias, Function<String, ? extends Operand<?>> parameter) {
      return new Linear(
          Matrix.of(parameter.apply(name + ".weight")),
          bias ? vector(parameter, name + ".bias") : null);
    }

    Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x_BTI) {
      Dim b = Dim.of(tf, x_BTI, 0);
      Dim t = Dim.of(tf, x_BTI, 1);
      var x_MI = Dim.reshape(tf, x_BTI, b.times(tf, t), weight.inputs());
      Operand<TFloat32> y_MO = weight.product(tf, x_MI);
      if (bias != null) {
        y_MO = tf.nn.biasAdd(y_MO, bias);
      }
      return Dim.reshape(tf, y_MO, b, t, weight.outputs());
    }
  }

  /** cos and sin of every position's rotation, [B, T, 1, H/2]. */
  public record Angles(Operand<TFloat32> cos, Operand<TFloat32> sin) {}

  /** Rotary positions in Hugging Face's half-split layout: channel i pairs with channel i + H/2. */
  public record Rope(Operand<TFloat32> frequencies, double attentionFactor) {
    static Rope of(Ops tf, ModelConfig c) {
      float[] frequencies = new float[c.headDim() / 2];
      for (int i = 0; i < frequencies.length; i++) {
        frequencies[i] = (float) c.ropeScaling().frequency(i, c.headDim(), c.ropeTheta());
      }
      return new Rope(tf.constant(frequencies), c.ropeScaling().attentionFactor());
    }

    Angles angles(Ops tf, Operand<TInt32> positions_BT) {
      var p_BT11 =
          tf.expandDims(
              tf.expandDims(tf.dtypes.cast(positions_BT, TFloat32.class), tf.constant(2)),
              tf.constant(3));
      var angle = tf.math.mul(p_BT11, frequencies);
      return new Angles(sharpened(tf, tf.math.cos(angle)), sharpened(tf, tf.math.sin(angle)));
    }

    private Operand<TFloat32> sharpened(Ops tf, Operand<TFloat32> x) {
      return attentionFactor == 1 ? x : tf.math.mul(x, tf.constant((float) attentionFactor));
    }

    static Operand<TFloat32> turn(Ops tf, Operand<TFloat32> x_BTNH, Angles angles) {
      var halves = tf.split(tf.constant(3), x_BTNH, 2L).output();
      var a = halves.get(0);
      var b = halves.get(1);
      return tf.concat(
          List.of(
              tf.math.sub(tf.math.mul(a, angles.cos), tf.math.mul(b, angles.sin)),
              tf.math.add(tf.math.mul(b, angles.cos), tf.math.mul(a, angles.sin))),
          tf.constant(3));
    }
  }

  /** Grouped-query attention; the norms of queries and keys may be absent (null). */
  public record Attention(
      int layer,
      Linear q,
      Linear k,
      Linear v,
      Linear o,
      RmsNorm qNorm,
      RmsNorm kNorm,
      int heads,
      int kvHeads,
      int headDim) {
    static Attention of(ModelConfig c, int l, Function<String, ? extends Operand<?>> parameter) {
      String p = "model.layers." + l + ".self_attn.";
      boolean bias = c.architecture().qkvBias();
      boolean norm = c.architecture().qkNorm();
      return new Attention(
          l,
          Linear.of(p + "q_proj", bias, parameter),
          Linear.of(p + "k_proj", bias, parameter),
          Linear.of(p + "v_proj", bias, parameter),
          Linear.of(p + "o_proj", false, parameter),
          norm ? RmsNorm.of(c, p + "q_norm", parameter) : null,
          norm ? RmsNorm.of(c, p + "k_norm", parameter) : null,
          c.heads(),
          c.kvHeads(),
          c.headDim());
    }

    /** Everything before the queries meet the keys. */
    Stream<Operand<? extends TFloating>> projectionParameters() {
      return Stream.concat(
          Stream.of(q, k, v).flatMap(Linear::parameters),
          Stream.of(qNorm, kNorm).filter(Objects::nonNull).map(RmsNorm::weight_D));
    }

    /** Rotated queries divided by √H, rotated keys, values. */
    List<Operand<TFloat32>> project(Ops tf, Operand<TFloat32> x_BTD, Angles angles) {
      var scale = tf.constant((float) (1 / Math.sqrt(headDim)));
      var q_BTNH = normalised(tf, qNorm, split(tf, q.apply(tf, x_BTD), heads));
      var k_BTKH = normalised(tf, kNorm, split(tf, k.apply(tf, x_BTD), kvHeads));
      var v_BTKH = split(tf, v.apply(tf, x_BTD), kvHeads);
      var turned_BTNH = tf.math.mul(Rope.turn(tf, q_BTNH, angles), scale);
      return List.of(turned_BTNH, Rope.turn(tf, k_BTKH, angles), v_BTKH);
    }

    private static Operand<TFloat32> normalised(Ops tf, RmsNorm norm, Operand<TFloat32> x_BTNH) {
      return norm == null ? x_BTNH : norm.apply(tf, x_BTNH);
    }

    private Operand<TFloat32> split(Ops tf, Operand<TFloat32> x, int count) {
      return Dim.reshape(tf, x, Dim.of(tf, x, 0), Dim.of(tf, x, 1), Dim.of(count), Dim.of(headDim));
    }
  }

  /** down(silu(gate x) · up x). */
  public record SwiGlu(Linear gate, Linear up, Linear down) {
    static SwiGlu of(int l, Function<String, ? extends Operand<?>> parameter) {
      String p = "model.layers." + l + ".mlp.";
      return new SwiGlu(
          Linear.of(p + "gate_proj", false, parameter),
          Linear.of(p + "up_proj", false, parameter),
          Linear.of(p + "down_proj", false, parameter));
    }

    List<Operand<TFloat32>> halves(Ops tf, Operand<TFloat32> x_BTD) {
      return List.of(gate.apply(tf, x_BTD), up.apply(tf, x_BTD));
    }

    Operand<TFloat32> join(Ops tf, Operand<TFloat32> gate_BTF, Operand<TFloat32> up_BTF) {
      var silu_BTF = tf.math.mul(gate_BTF, tf.math.sigmoid(gate_BTF));
      return down.apply(tf, tf.math.mul(silu_BTF, up_BTF));
    }
  }

  /** One layer: attention, then feed-forward, each normalised first and added to the stream. */
  public record Block(RmsNorm attnNorm, Attention attn, RmsNorm mlpNorm, SwiGlu mlp) {
    static Block of(ModelConfig c, int l, Function<String, ? extends Operand<?>> parameter) {
      String p = "model.layers." + l + ".";
      return new Block(
          RmsNorm.of(c, p + "input_layernorm", parameter),
          Attention.of(c, l, parameter),
          RmsNorm.of(c, p + "post_attention_layernorm", parameter),
          SwiGlu.of(l, parameter));
    }

    Operand<TFloat32> apply(
        Ops tf, Tape tape, Operand<TFloat32> x_BTD, Angles angles, Attend attend) {
      return tape.layer(
          tf,
          x_BTD,
          (ops, inner, in_BTD) -> {
            var h_BTD = attention(ops, inner, in_BTD, angles, attend);
            return feedForward(ops, inner, h_BTD);
          });
    }

    private Operand<TFloat32> attention(
        Ops tf, Tape tape, Operand<TFloat32> x_BTD, Angles angles, Attend attend) {
      var qkv =
          tape.segment(
              tf,
              List.of(x_BTD),
              () ->
                  Stream.concat(Stream.of(attnNorm.weight_D), attn.projectionParameters()).toList(),
              (ops, in) -> attn.project(ops, attnNorm.apply(ops, in.get(0)), angles));
      var met_BTD = attend.apply(tf, tape, attn.layer, qkv.get(0), qkv.get(1), qkv.get(2));
      return only(
          tape.segment(
              tf,
              List.of(x_BTD, met_BTD),
              () -> attn.o.parameters().toList(),
              (ops, in) -> List.of(ops.math.add(in.get(0), attn.o.apply(ops, in.get(1))))));
    }

    private Operand<TFloat32> feedForward(Ops tf, Tape tape, Operand<TFloat32> h_BTD) {
      var halves =
          tape.segment(
              tf,
              List.of(h_BTD),
              () ->
                  Stream.concat(
                          Stream.of(mlpNorm.weight_D),
                          Stream.of(mlp.gate, mlp.up).flatMap(Linear::parameters))
                      .toList(),
              (ops, in) -> mlp.halves(ops, mlpNorm.apply(ops, in.get(0))));
      return only(
          tape.segment(
              tf,
              List.of(h_BTD, halves.get(0), halves.get(1)),
              () -> mlp.down.parameters().toList(),
              (ops, in) -> List.of(ops.math.add(in.get(0), mlp.join(ops, in.get(1), in.get(2))))));
    }
  }
}
