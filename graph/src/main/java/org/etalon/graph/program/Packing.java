package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.model.Cast;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;

/**
 * A model's parameters in groups: matrices of one input, stacked, and every other parameter by
 * itself. One wide product of few rows takes less time than its parts.
 *
 * @param groups in the order of the model's parameters
 */
record Packing(List<List<ParameterSpec>> groups) {
  /** Queries, keys and values together, and the two halves of each feed-forward layer. */
  static Packing of(ModelConfig config) {
    return of(
        config, List.of(List.of("q_proj", "k_proj", "v_proj"), List.of("gate_proj", "up_proj")));
  }

  /** Queries, keys and values together. */
  static Packing ofAttention(ModelConfig config) {
    return of(config, List.of(List.of("q_proj", "k_proj", "v_proj")));
  }

  private static Packing of(ModelConfig config, List<List<String>> joined) {
    Map<String, ParameterSpec> byName = new HashMap<>();
    config.parameters().forEach(spec -> byName.put(spec.name(), spec));
    List<List<ParameterSpec>> groups = new ArrayList<>();
    for (ParameterSpec spec : config.parameters()) {
      groups.add(group(spec, joined, byName));
    }
    return new Packing(groups.stream().filter(group -> !group.isEmpty()).toList());
  }

  /** The group that a parameter begins; empty if it belongs to another's. */
  private static List<ParameterSpec> group(
      ParameterSpec spec, List<List<String>> joined, Map<String, ParameterSpec> byName) {
    for (List<String> parts : joined) {
      for (String part : parts) {
        String ending = part + ".weight";
        if (spec.name().endsWith(ending)) {
          String prefix = spec.name().substring(0, spec.name().length() - ending.length());
          return part.equals(parts.get(0))
              ? parts.stream().map(p -> byName.get(prefix + p + ".weight")).toList()
              : List.of();
        }
      }
    }
    return List.of(spec);
  }

  /**
   * What a group's operand is: the parameter itself, or the stacked ones under the first's name.
   */
  static ParameterSpec stacked(List<ParameterSpec> group) {
    ParameterSpec first = group.get(0);
    if (group.size() == 1) {
      return first;
    }
    int outputs = group.stream().mapToInt(Packing::outputs).sum();
    return ParameterSpec.of(
        first.name(), first.kind(), outputs, Math.toIntExact(first.shape().get(1)));
  }

  /** Outputs of a matrix. */
  static int outputs(ParameterSpec spec) {
    return Math.toIntExact(spec.shape().get(0));
  }

  /** A group's operand from those of its parameters. */
  static Operand<?> stack(Ops tf, List<? extends Operand<?>> parts) {
    return parts.size() == 1
        ? parts.get(0)
        : tf.concat(parts.stream().map(Cast::floating).toList(), tf.constant(0));
  }

  /** The index of the group that a parameter begins. */
  int indexOf(String name) {
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).get(0).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no group of parameters begins with " + name);
  }
}
