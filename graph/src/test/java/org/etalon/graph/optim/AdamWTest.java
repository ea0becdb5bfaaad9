package org.etalon.graph.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.etalon.graph.oracle.Golden;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class AdamWTest {
  /** p, m and v of a parameter. */
  private record State(float[] p, float[] m, float[] v) {}

  @Test
  void threeStepsAgreeWithTorch() {
    Golden golden = Golden.read("adamw.txt");
    double[] options = golden.vector("options");
    AdamW adam = new AdamW(options[0], options[1], options[2], options[3]);
    for (String name : List.of("matrix", "bias")) {
      float[] start = floats(golden.vector("start." + name));
      State state = new State(start, new float[start.length], new float[start.length]);
      for (int step = 0; step < 3; step++) {
        double rate = golden.vector("rates")[step];
        state = step(adam, state, gradient(golden, name, state.p), name, step + 1, rate);
        // Weights up to 3 with the spacing of float32, 2.4e-7, rounded a few times a step.
        assertArrayEquals(
            floats(golden.vector("unclipped." + name + "." + step)), state.p, 2e-6f, name);
      }
    }
  }

  @Test
  void optionsOutsideTheirRangesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new AdamW(1, 0.9, 1e-8, 0));
    assertThrows(IllegalArgumentException.class, () -> new AdamW(0.9, -0.1, 1e-8, 0));
    assertThrows(IllegalArgumentException.class, () -> new AdamW(0.9, 0.9, 0, 0));
    var error = assertThrows(IllegalArgumentException.class, () -> new AdamW(0.9, 0.9, 1, -1));
    assertTrue(error.getMessage().contains("weightDecay >= 0, got 1.0, -1.0"), error.getMessage());
  }

  /** Torch's decay is on the matrix only. */
  private static State step(
      AdamW adam, State state, float[] gradient, String name, int t, double rate) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var scalars =
          new AdamW.Scalars(
              tf.constant((float) rate),
              tf.constant((float) (1 - Math.pow(adam.beta1(), t))),
              tf.constant((float) (1 - Math.pow(adam.beta2(), t))),
              tf.constant(1f));
      var slot = new AdamW.Slot(tf.constant(state.p), tf.constant(state.m), tf.constant(state.v));
      boolean decays = name.equals("matrix");
      AdamW.Slot next = adam.update(tf, slot, tf.constant(gradient), decays, scalars);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(next.p()).fetch(next.m()).fetch(next.v()).run()) {
        return new State(values(result, 0), values(result, 1), values(result, 2));
      }
    }
  }

  private static float[] values(Result result, int index) {
    TFloat32 tensor = (TFloat32) result.get(index);
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  /** Of Σ scale · (p − target)². */
  private static float[] gradient(Golden golden, String name, float[] p) {
    double[] target = golden.vector("target." + name);
    double[] scale = golden.vector("scale." + name);
    float[] gradient = new float[p.length];
    for (int i = 0; i < p.length; i++) {
      gradient[i] = (float) (2 * scale[i] * (p[i] - target[i]));
    }
    return gradient;
  }

  private static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }
}
