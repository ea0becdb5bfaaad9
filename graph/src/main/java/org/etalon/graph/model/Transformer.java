package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
    return of(tf, c, Parameters.of(parameter));
  }

  /** The model over parameters. */
  public static Transformer of(Ops tf, ModelConfig c, Parameters parameters) {
    List<Block> blocks = new ArrayList<>();
    for (int l = 0; l < c.layers(); l++) {
      blocks.add(Block.of(c, l, parameters));
    }
    return new Transformer(
        c,
        parameters.embedding(EMBEDDING),
        Rope.of(tf, c),
        List.copyOf(blocks),
        RmsNorm.of(c, "model.norm", parameters),
        parameters.matrix(c.tied() ? EMBEDDING : "lm_head.weight"));
  }

  /**
   * Normalised final states.
   *
   * @param ids_BT token ids
   * @param positions_BT position of each token within its document
   * @return [B, T, D] in the type of products, to be multiplied with {@link #head_VD()}
   */
  public Operand<?> apply(
      Ops tf, Operand<TInt32> ids_BT, Operand<TInt32> positions_BT, Attend attend) {
    return apply(tf, Tape.forward(Optional.empty()), ids_BT, positions_BT, attend);
  }

  /** The same on a tape, for gradients by the parameters or with compiled pieces. */
  public Operand<?> apply(
      Ops tf, Tape tape, Operand<TInt32> ids_BT, Operand<TInt32> positions_BT, Attend attend) {
    Operand<?> x_BTD =
        only(
            tape.segment(
                tf,
                List.of(embedding_VD.values_OI()),
                (ops, in) -> List.of(embedding_VD.rows(ops, ids_BT)),
                (ops, in, out, d) -> List.of(embedding_VD.rowGradients(ops, ids_BT, d.get(0)))));
    Angles angles = rope.angles(tf, positions_BT);
    for (Block block : blocks) {
      x_BTD = block.apply(tf, tape, x_BTD, angles, attend);
    }
    return norm.apply(tf, tape, x_BTD, head_VD.type());
  }

  /** Logits of normalised states, [M, V] in float32. */
  public Operand<TFloat32> logits(Ops tf, Operand<?> hidden_MD) {
    return Cast.float32(tf, head_VD.product(tf, hidden_MD));
  }

  private static Operand<?> only(List<Operand<?>> outputs) {
    return outputs.get(0);
  }

  /** x / √(mean x² + ε) · w. */
  public record RmsNorm(Operand<TFloat32> weight_D, float epsilon) {
    static RmsNorm of(ModelConfig c, String name, Parameters parameters) {
      return new RmsNorm(parameters.vector(name + ".weight"), (float) c.normEpsilon());
    }

    /** As a piece of a tape, in the type of the products that follow. */
    Operand<?> apply(Ops tf, Tape tape, Operand<?> x_BTD, Class<? extends TFloating> type) {
      return only(
          tape.piece(
              tf,
              "norm",
              List.of(x_BTD, weight_D),
              List.of(),
              (ops, in) -> List.of(Cast.to(ops, apply(ops, in.get(0), in.get(1)), type))));
    }

    /** Of any input and weight, as a compiled piece has its own. */
    Operand<TFloat32> apply(Ops tf, Operand<?> x, Operand<?> weight) {
      var x_BTD = Cast.float32(tf, x);
      var meanSquare = tf.math.mean(tf.math.square(x_BTD), tf.constant(-1), Mean.keepDims(true));
      var scale = tf.math.rsqrt(tf.math.add(meanSquare, tf.constant(epsilon)));
      return tf.math.mul(tf.math.mul(x_BTD, scale), Cast.float32(tf, weight));
    }
  }

  /** cos and sin of every position's rotation, [B, 1, T, H/2]. */
  public record Angles(Operand<TFloat32> cos, Operand<TFloat32> sin) {
    List<Operand<?>> operands() {
      return List.of(cos, sin);
    }
  }

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
      var p_B1T1 =
          tf.expandDims(
              tf.expandDims(tf.dtypes.cast(positions_BT, TFloat32.class), tf.constant(1)),
              tf.constant(3));
      var angle = tf.math.mul(p_B1T1, frequencies);
      return new Angles(sharpened(tf, tf.math.cos(angle)), sharpened(tf, tf.math.sin(angle)));
    }

    private Operand<TFloat32> sharpened(Ops tf, Operand<TFloat32> x) {
      return attentionFactor == 1 ? x : tf.math.mul(x, tf.constant((float) attentionFactor));
    }

    static Operand<TFloat32> turn(Ops tf, Operand<TFloat32> x_BNTH, Angles angles) {
      var halves = tf.split(tf.constant(3), x_BNTH, 2L).output();
      var a = halves.get(0);
      var b = halves.get(1);
      return tf.concat(
          List.of(
              tf.math.sub(tf.math.mul(a, angles.cos), tf.math.mul(b, angles.sin)),
              tf.math.add(tf.math.mul(b, angles.cos), tf.math.mul(a, angles.sin))),
          tf.constant(3));
    }
  }

  /**
   * What becomes of a projection before it attends: a bias, a norm and a rotation, each of which
   * may be absent.
   *
   * @param bias added to it; may be null
   * @param norm of each head; may be null
   * @param heads number of heads
   * @param headDim numbers in a head
   */
  public record Heads(Operand<TFloat32> bias, RmsNorm norm, int heads, int headDim) {
    static Heads of(ModelConfig c, String prefix, String letter, int heads, Parameters parameters) {
      String name = prefix + letter + "_proj";
      boolean norm = c.architecture().qkNorm() && !letter.equals("v");
      return new Heads(
          c.architecture().qkvBias() ? parameters.vector(name + ".bias") : null,
          norm ? RmsNorm.of(c, prefix + letter + "_norm", parameters) : null,
          heads,
          c.headDim());
    }

    /** The parameters of {@link #prepare}, in its order. */
    List<Operand<?>> parameters() {
      return Stream.<Operand<?>>of(bias, norm == null ? null : norm.weight_D)
          .filter(Objects::nonNull)
          .toList();
    }

    /** [B, T, heads·H] with bias and norm as [B, heads, T, H]. */
    Operand<TFloat32> prepare(Ops tf, Operand<?> x_BTO, List<Operand<?>> parameters) {
      int at = 0;
      Operand<? extends TFloating> x = Cast.floating(x_BTO);
      if (bias != null) {
        x = tf.math.add(Cast.float32(tf, x), Cast.float32(tf, parameters.get(at++)));
      }
      Dim b = Dim.of(tf, x, 0);
      Dim t = Dim.of(tf, x, 1);
      // One position needs no transposition.
      var x_BNTH =
          Cast.float32(
              tf,
              t.size() == 1
                  ? Dim.reshape(tf, x, b, Dim.of(heads), t, Dim.of(headDim))
                  : tf.linalg.transpose(
                      Dim.reshape(tf, x, b, t, Dim.of(heads), Dim.of(headDim)),
                      tf.constant(new int[] {0, 2, 1, 3})));
      return norm == null ? x_BNTH : norm.apply(tf, x_BNTH, parameters.get(at));
    }
  }

  /** Grouped-query attention. */
  public record Attention(int layer, Fan qkv, Heads q, Heads k, Heads v, Matrix o) {
    static Attention of(ModelConfig c, int l, Parameters parameters) {
      String p = "model.layers." + l + ".self_attn.";
      return new Attention(
          l,
          parameters.fan(List.of(p + "q_proj.weight", p + "k_proj.weight", p + "v_proj.weight")),
          Heads.of(c, p, "q", c.heads(), parameters),
          Heads.of(c, p, "k", c.kvHeads(), parameters),
          Heads.of(c, p, "v", c.kvHeads(), parameters),
          parameters.matrix(p + "o_proj.weight"));
    }

    /** Rotated queries divided by √H, rotated keys, values. */
    List<Operand<?>> project(Ops tf, Tape tape, Operand<?> x_BTD, Angles angles) {
      List<Operand<?>> products = qkv.apply(tf, tape, x_BTD);
      List<Operand<?>> inputs = new ArrayList<>();
      List<Heads> all = List.of(q, k, v);
      for (int i = 0; i < all.size(); i++) {
        inputs.add(products.get(i));
        inputs.addAll(all.get(i).parameters());
      }
      return tape.piece(tf, "heads", inputs, angles.operands(), this::turned);
    }

    private List<Operand<?>> turned(Ops tf, List<Operand<?>> in) {
      List<Operand<TFloat32>> parts = new ArrayList<>();
      int at = 0;
      for (Heads heads : List.of(q, k, v)) {
        int after = at + 1 + heads.parameters().size();
        parts.add(heads.prepare(tf, in.get(at), in.subList(at + 1, after)));
        at = after;
      }
      var angles = new Angles(Cast.float32(tf, in.get(at)), Cast.float32(tf, in.get(at + 1)));
      var scale = tf.constant((float) (1 / Math.sqrt(q.headDim)));
      return List.of(
          tf.math.mul(Rope.turn(tf, parts.get(0), angles), scale),
          Rope.turn(tf, parts.get(1), angles),
          parts.get(2));
    }

    /** The heads' results side by side, [B, T, N·H], in the type of products. */
    Operand<?> merge(Ops tf, Tape tape, Operand<?> x_BNTH) {
      return only(tape.piece(tf, "merge", List.of(x_BNTH), List.of(), this::merged));
    }

    private List<Operand<?>> merged(Ops tf, List<Operand<?>> in) {
      var x_BNTH = Cast.floating(in.get(0));
      Dim b = Dim.of(tf, x_BNTH, 0);
      Dim t = Dim.of(tf, x_BNTH, 2);
      var x_BTNH =
          t.size() == 1 ? x_BNTH : tf.linalg.transpose(x_BNTH, tf.constant(new int[] {0, 2, 1, 3}));
      return List.of(Cast.to(tf, Dim.reshape(tf, x_BTNH, b, t, o.inputs()), o.type()));
    }
  }

  /** down(silu(gate x) · up x). */
  public record SwiGlu(Fan gateAndUp, Matrix down) {
    static SwiGlu of(int l, Parameters parameters) {
      String p = "model.layers." + l + ".mlp.";
      return new SwiGlu(
          parameters.fan(List.of(p + "gate_proj.weight", p + "up_proj.weight")),
          parameters.matrix(p + "down_proj.weight"));
    }

    List<Operand<?>> halves(Ops tf, Tape tape, Operand<?> x_BTD) {
      return gateAndUp.apply(tf, tape, x_BTD);
    }

    Operand<?> join(Ops tf, Tape tape, List<Operand<?>> halves_BTF) {
      var joined_BTF = only(tape.piece(tf, "swiglu", halves_BTF, List.of(), this::gated));
      return down.apply(tf, tape, joined_BTF);
    }

    private List<Operand<?>> gated(Ops tf, List<Operand<?>> in) {
      var gate_BTF = Cast.float32(tf, in.get(0));
      var silu_BTF = tf.math.mul(gate_BTF, tf.math.sigmoid(gate_BTF));
      return List.of(Cast.to(tf, tf.math.mul(silu_BTF, Cast.float32(tf, in.get(1))), down.type()));
    }
  }

  /** One layer: attention, then feed-forward, each normalised first and added to the stream. */
  public record Block(RmsNorm attnNorm, Attention attn, RmsNorm mlpNorm, SwiGlu mlp) {
    static Block of(ModelConfig c, int l, Parameters parameters) {
      String p = "model.layers." + l + ".";
      return new Block(
          RmsNorm.of(c, p + "input_layernorm", parameters),
          Attention.of(c, l, parameters),
          RmsNorm.of(c, p + "post_attention_layernorm", parameters),
          SwiGlu.of(l, parameters));
    }

    Operand<?> apply(Ops tf, Tape tape, Operand<?> x_BTD, Angles angles, Attend attend) {
      return only(
          tape.stretch(
              tf,
              Recompute.FULL,
              List.of(x_BTD),
              (ops, inner, in) -> {
                var h_BTD = attention(ops, inner, in.get(0), angles, attend);
                return List.of(feedForward(ops, inner, h_BTD));
              }));
    }

    private Operand<?> attention(
        Ops tf, Tape tape, Operand<?> x_BTD, Angles angles, Attend attend) {
      var qkv =
          Cast.floats(
              tape.stretch(
                  tf,
                  Recompute.SELECTIVE,
                  List.of(x_BTD),
                  (ops, inner, in) ->
                      attn.project(
                          ops,
                          inner,
                          attnNorm.apply(ops, inner, in.get(0), attn.o.type()),
                          angles)));
      var met_BNTH = attend.apply(tf, tape, attn.layer, qkv.get(0), qkv.get(1), qkv.get(2));
      return only(
          tape.stretch(
              tf,
              Recompute.SELECTIVE,
              List.of(x_BTD, met_BNTH),
              (ops, inner, in) -> {
                var out_BTD = attn.o.apply(ops, inner, attn.merge(ops, inner, in.get(1)));
                return List.of(sum(ops, inner, in.get(0), out_BTD));
              }));
    }

    private Operand<?> feedForward(Ops tf, Tape tape, Operand<?> h_BTD) {
      var halves =
          tape.stretch(
              tf,
              Recompute.SELECTIVE,
              List.of(h_BTD),
              (ops, inner, in) ->
                  mlp.halves(
                      ops, inner, mlpNorm.apply(ops, inner, in.get(0), mlp.gateAndUp.type())));
      return only(
          tape.stretch(
              tf,
              Recompute.SELECTIVE,
              List.of(h_BTD, halves.get(0), halves.get(1)),
              (ops, inner, in) -> {
                var out_BTD = mlp.join(ops, inner, in.subList(1, 3));
                return List.of(sum(ops, inner, in.get(0), out_BTD));
              }));
    }

    private static Operand<?> sum(Ops tf, Tape tape, Operand<?> x_BTD, Operand<?> more_BTD) {
      return only(
          tape.piece(
              tf,
              "sum",
              List.of(x_BTD, more_BTD),
              List.of(),
              (ops, in) ->
                  List.of(
                      ops.math.add(Cast.float32(ops, in.get(0)), Cast.float32(ops, in.get(1))))));
    }
  }
}
