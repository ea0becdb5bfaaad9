package org.etalon.savedmodels.folder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import java.util.Set;
import org.etalon.graph.RopeScaling;
import org.etalon.graph.RopeScaling.Linear;
import org.etalon.graph.RopeScaling.Llama3;
import org.etalon.graph.RopeScaling.None;
import org.etalon.graph.RopeScaling.Yarn;

/**
 * Rotary positions in a {@code config.json}: {@code rope_theta} beside {@code rope_scaling}, or
 * both within the newer {@code rope_parameters}. Names, meaning and defaults are those of
 * transformers 4.56.
 *
 * @param theta rotary base
 * @param scaling how the frequencies change
 */
record RopeJson(double theta, RopeScaling scaling) {
  static final String THETA = "rope_theta";
  static final String SCALING = "rope_scaling";
  static final String PARAMETERS = "rope_parameters";

  private static final double DEFAULT_THETA = 10_000;
  private static final ImmutableSet<String> TYPES = ImmutableSet.of("rope_type", "type", THETA);
  private static final ImmutableSet<String> LLAMA3 =
      ImmutableSet.of(
          "factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings");
  private static final ImmutableSet<String> YARN =
      ImmutableSet.of(
          "factor",
          "original_max_position_embeddings",
          "beta_fast",
          "beta_slow",
          "attention_factor",
          "mscale",
          "mscale_all_dim",
          "truncate");

  /**
   * Reads whichever form a configuration has.
   *
   * @param maxPositions what YaRN takes for the window of the pretraining where none is given
   */
  static RopeJson read(JsonFields config, int maxPositions) {
    if (config.absent(PARAMETERS)) {
      double theta = config.number(THETA, DEFAULT_THETA);
      return new RopeJson(
          theta,
          config.absent(SCALING) ? new None() : scaling(config.object(SCALING), maxPositions));
    }
    if (!config.absent(SCALING)) {
      throw config.wrong(SCALING, "nothing beside rope_parameters", "keep one of the two");
    }
    JsonFields rope = config.object(PARAMETERS);
    double theta = rope.absent(THETA) ? config.number(THETA, DEFAULT_THETA) : rope.number(THETA);
    if (!config.absent(THETA) && config.number(THETA) != theta) {
      throw config.wrong(THETA, "what rope_parameters says", "keep one of the two");
    }
    return new RopeJson(theta, scaling(rope, maxPositions));
  }

  private static RopeScaling scaling(JsonFields rope, int maxPositions) {
    String type = type(rope);
    switch (type) {
      case "default" -> {
        rope.refuseUnknown(TYPES, Set.of());
        return new None();
      }
      case "linear" -> {
        rope.refuseUnknown(with(ImmutableSet.of("factor")), Set.of());
        return new Linear(rope.number("factor"));
      }
      case "llama3" -> {
        rope.refuseUnknown(with(LLAMA3), Set.of());
        return new Llama3(
            rope.number("factor"),
            rope.number("low_freq_factor"),
            rope.number("high_freq_factor"),
            rope.integer("original_max_position_embeddings"));
      }
      case "yarn" -> {
        rope.refuseUnknown(with(YARN), Set.of());
        return yarn(rope, maxPositions);
      }
      default ->
          throw rope.wrong(
              rope.absent("rope_type") ? "type" : "rope_type",
              "default, linear, llama3 or yarn",
              "other scalings of rotary positions are not computed");
    }
  }

  private static String type(JsonFields rope) {
    if (rope.absent("rope_type")) {
      if (rope.absent("type")) {
        throw rope.wrong(
            "rope_type", "default, linear, llama3 or yarn", "name the kind of scaling");
      }
      return rope.text("type");
    }
    String type = rope.text("rope_type");
    if (!rope.absent("type") && !rope.text("type").equals(type)) {
      throw rope.wrong("type", "the same as rope_type or nothing", "keep one of the two");
    }
    return type;
  }

  private static Yarn yarn(JsonFields rope, int maxPositions) {
    double factor = rope.number("factor");
    double attention = Yarn.recommendedAttention(factor);
    if (!rope.absent("attention_factor")) {
      attention = rope.number("attention_factor");
    } else if (!rope.absent("mscale") && !rope.absent("mscale_all_dim")) {
      attention =
          Yarn.recommendedAttention(factor, rope.number("mscale"))
              / Yarn.recommendedAttention(factor, rope.number("mscale_all_dim"));
    } else if (!rope.absent("mscale") || !rope.absent("mscale_all_dim")) {
      String lone = rope.absent("mscale") ? "mscale_all_dim" : "mscale";
      throw rope.wrong(
          lone, "mscale together with mscale_all_dim", "alone it would have no effect");
    }
    return new Yarn(
        factor,
        rope.integer("original_max_position_embeddings", maxPositions),
        rope.number("beta_fast", 32),
        rope.number("beta_slow", 1),
        attention,
        rope.bool("truncate", true));
  }

  private static ImmutableSet<String> with(ImmutableSet<String> own) {
    return ImmutableSet.<String>builder().addAll(TYPES).addAll(own).build();
  }

  /** Puts these positions into a configuration, in the form it already has. */
  void write(ObjectNode config) {
    boolean newer = config.path(PARAMETERS).isObject();
    ObjectNode scaled = scalingNode();
    if (newer) {
      scaled.put(THETA, theta);
      config.set(PARAMETERS, scaled);
      config.remove(THETA);
    } else {
      config.put(THETA, theta);
      config.set(SCALING, scaling instanceof None ? config.nullNode() : scaled);
    }
  }

  private ObjectNode scalingNode() {
    ObjectNode node = JsonFields.newObject();
    if (scaling instanceof Linear linear) {
      node.put("rope_type", "linear").put("factor", linear.factor());
    } else if (scaling instanceof Llama3 llama3) {
      node.put("rope_type", "llama3")
          .put("factor", llama3.factor())
          .put("low_freq_factor", llama3.lowFrequency())
          .put("high_freq_factor", llama3.highFrequency())
          .put("original_max_position_embeddings", llama3.originalPositions());
    } else if (scaling instanceof Yarn yarn) {
      node.put("rope_type", "yarn")
          .put("factor", yarn.factor())
          .put("original_max_position_embeddings", yarn.originalPositions())
          .put("beta_fast", yarn.betaFast())
          .put("beta_slow", yarn.betaSlow())
          .put("attention_factor", yarn.attentionFactor())
          .put("truncate", yarn.truncate());
    } else {
      node.put("rope_type", "default");
    }
    return node;
  }
}
