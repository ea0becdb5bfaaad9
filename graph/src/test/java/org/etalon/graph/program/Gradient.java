package org.etalon.graph.program;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;

/** A gradient by parameter name, as a trainer has accumulated it. */
record Gradient(Map<String, float[]> values) {

  static Gradient of(Trainer trainer, ModelConfig config) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (ParameterSpec spec : config.parameters()) {
      values.put(spec.name(), trainer.gradient(spec.name()));
    }
    return new Gradient(values);
  }

  /** One array per parameter, in the model's order. */
  double[][] doubles() {
    return values.values().stream().map(Gradient::widened).toArray(double[][]::new);
  }

  /** Norm of the difference over the norm of {@code reference}. */
  double distanceFrom(Gradient reference) {
    double difference = 0;
    double norm = 0;
    for (String name : values.keySet()) {
      float[] a = values.get(name);
      float[] b = reference.values.get(name);
      for (int i = 0; i < a.length; i++) {
        difference += Math.pow((double) a[i] - b[i], 2);
        norm += (double) b[i] * b[i];
      }
    }
    return Math.sqrt(difference / norm);
  }

  /** Where a parameter's gradient is largest in absolute value. */
  int steepest(String name) {
    float[] gradient = values.get(name);
    int best = 0;
    for (int i = 1; i < gradient.length; i++) {
      best = Math.abs(gradient[i]) > Math.abs(gradient[best]) ? i : best;
    }
    return best;
  }

  static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }
}
