package org.etalon.graph.oracle;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The Qwen2 forward pass (with Qwen3's query/key norm as a switch) by plain loops in double
 * precision, one sequence at a time.
 *
 * <p>Facts of the architecture: pre-norm blocks; RMSNorm {@code x / sqrt(mean(x²) + e) · w}; rotary
 * positions in the half-rotation layout, where component j is paired with j + H/2 and turned by
 * {@code position · theta^(−2j/H)}; query head n reads key/value head {@code n / (N/K)}; scores are
 * scaled by {@code 1/sqrt(H)}; {@code down(silu(gate(x)) · up(x))}. A query sees itself and earlier
 * tokens of its own segment.
 */
public final class NaiveTransformer {
  private final NaiveConfig config;
  private final Map<String, double[]> parameters;

  private NaiveTransformer(NaiveConfig config, Map<String, double[]> parameters) {
    this.config = config;
    this.parameters = parameters;
    config
        .shapes()
        .forEach(
            (name, shape) -> {
              int expected = shape.length == 1 ? shape[0] : shape[0] * shape[1];
              double[] values = parameters.get(name);
              if (values == null || values.length != expected) {
                throw new IllegalArgumentException(
                    name
                        + " must have "
                        + expected
                        + " values, got "
                        + (values == null ? "no such parameter" : values.length));
              }
            });
  }

  /**
   * A model over a copy of the given parameters, which are flattened row-major (out × in).
   *
   * @throws IllegalArgumentException if a parameter is missing or has a wrong size
   */
  public static NaiveTransformer of(NaiveConfig config, Map<String, float[]> parameters) {
    Map<String, double[]> copy = new LinkedHashMap<>();
    parameters.forEach(
        (name, values) -> {
          double[] doubles = new double[values.length];
          for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
          }
          copy.put(name, doubles);
        });
    return new NaiveTransformer(config, copy);
  }

  /**
   * The live values of one parameter: a change shows in the next call, which is how finite
   * differences are taken.
   */
  public double[] parameter(String name) {
    return parameters.get(name);
  }

  /** Logits [T, V] of an ordinary sequence: positions 0, 1, …, one segment. */
  public double[][] logits(int[] ids) {
    int[] positions = new int[ids.length];
    for (int t = 0; t < ids.length; t++) {
      positions[t] = t;
    }
    return logits(ids, positions, new int[ids.length]);
  }

  /** Logits [T, V] of a packed row: ids, rotary positions and segment numbers, each [T]. */
  public double[][] logits(int[] ids, int[] positions, int[] segments) {
    double[] embedding = parameters.get("model.embed_tokens.weight");
    int width = config.hidden();
    double[][] x = new double[ids.length][width];
    for (int t = 0; t < ids.length; t++) {
      System.arraycopy(embedding, ids[t] * width, x[t], 0, width);
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      String block = "model.layers." + layer + ".";
      double[][] attnIn = normRows(x, block + "input_layernorm.weight");
      addTo(x, attention(attnIn, positions, segments, block + "self_attn."));
      double[][] mlpIn = normRows(x, block + "post_attention_layernorm.weight");
      addTo(x, swiGlu(mlpIn, block + "mlp."));
    }
    double[][] last = normRows(x, "model.norm.weight");
    return linear(last, config.tied() ? "model.embed_tokens" : "lm_head");
  }

  /**
   * Natural log-probabilities [T−1]: entry t is that of {@code ids[t+1]} after {@code ids[0..t]},
   * under softmax(logits / temperature) over the whole vocabulary. Entries across a segment border
   * mean nothing.
   */
  public double[] logProbs(int[] ids, int[] positions, int[] segments, double temperature) {
    double[][] logits = logits(ids, positions, segments);
    double[] result = new double[ids.length - 1];
    for (int t = 0; t < result.length; t++) {
      result[t] = NaiveSampler.logProb(logits[t], temperature, ids[t + 1]);
    }
    return result;
  }

  /** Entropy in nats [T] of softmax(logits / temperature) at each position. */
  public double[] entropies(int[] ids, int[] positions, int[] segments, double temperature) {
    double[][] logits = logits(ids, positions, segments);
    double[] result = new double[ids.length];
    for (int t = 0; t < ids.length; t++) {
      for (double logP : NaiveSampler.logSoftmax(logits[t], temperature)) {
        result[t] -= Math.exp(logP) * logP;
      }
    }
    return result;
  }

  private double[][] attention(double[][] x, int[] positions, int[] segments, String prefix) {
    int size = config.headDim();
    int share = config.heads() / config.kvHeads();
    double[][] q = linear(x, prefix + "q_proj");
    double[][] k = linear(x, prefix + "k_proj");
    double[][] v = linear(x, prefix + "v_proj");
    for (int t = 0; t < x.length; t++) {
      prepareHeads(q[t], config.heads(), positions[t], prefix + "q_norm.weight");
      prepareHeads(k[t], config.kvHeads(), positions[t], prefix + "k_norm.weight");
    }
    double[][] mixed = new double[x.length][config.heads() * size];
    for (int t = 0; t < x.length; t++) {
      for (int head = 0; head < config.heads(); head++) {
        double[] scores = new double[t + 1];
        for (int s = 0; s <= t; s++) {
          scores[s] =
              segments[s] == segments[t]
                  ? dot(q[t], head * size, k[s], head / share * size, size) / Math.sqrt(size)
                  : Double.NEGATIVE_INFINITY;
        }
        double[] logWeights = NaiveSampler.logSoftmax(scores, 1);
        for (int s = 0; s <= t; s++) {
          double weight = Math.exp(logWeights[s]);
          for (int j = 0; j < size; j++) {
            mixed[t][head * size + j] += weight * v[s][head / share * size + j];
          }
        }
      }
    }
    return linear(mixed, prefix + "o_proj");
  }

  private void prepareHeads(double[] row, int heads, int position, String normName) {
    int size = config.headDim();
    for (int head = 0; head < heads; head++) {
      double[] part = new double[size];
      System.arraycopy(row, head * size, part, 0, size);
      if (config.qkNorm()) {
        part = norm(part, parameters.get(normName));
      }
      System.arraycopy(rotate(part, position), 0, row, head * size, size);
    }
  }

  private double[] rotate(double[] head, int position) {
    int half = head.length / 2;
    double[] turned = new double[head.length];
    for (int j = 0; j < half; j++) {
      double angle = position * Math.pow(config.ropeTheta(), -2.0 * j / head.length);
      double cos = Math.cos(angle);
      double sin = Math.sin(angle);
      turned[j] = head[j] * cos - head[j + half] * sin;
      turned[j + half] = head[j + half] * cos + head[j] * sin;
    }
    return turned;
  }

  private double[][] swiGlu(double[][] x, String prefix) {
    double[][] gate = linear(x, prefix + "gate_proj");
    double[][] up = linear(x, prefix + "up_proj");
    for (int t = 0; t < x.length; t++) {
      for (int f = 0; f < config.intermediate(); f++) {
        gate[t][f] = gate[t][f] / (1 + Math.exp(-gate[t][f])) * up[t][f];
      }
    }
    return linear(gate, prefix + "down_proj");
  }

  private double[][] linear(double[][] x, String name) {
    double[] weight = parameters.get(name + ".weight");
    double[] bias = parameters.get(name + ".bias");
    int in = x.length == 0 ? 1 : x[0].length;
    int out = weight.length / in;
    double[][] y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        y[t][o] = dot(x[t], 0, weight, o * in, in) + (bias == null ? 0 : bias[o]);
      }
    }
    return y;
  }

  private double[][] normRows(double[][] x, String name) {
    double[][] y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      y[t] = norm(x[t], parameters.get(name));
    }
    return y;
  }

  private double[] norm(double[] x, double[] weight) {
    double meanSquare = dot(x, 0, x, 0, x.length) / x.length;
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] / Math.sqrt(meanSquare + config.normEpsilon()) * weight[i];
    }
    return y;
  }

  private static void addTo(double[][] x, double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < x[t].length; i++) {
        x[t][i] += y[t][i];
      }
    }
  }

  private static double dot(double[] a, int aFrom, double[] b, int bFrom, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += a[aFrom + i] * b[bFrom + i];
    }
    return sum;
  }
}
