package org.etalon.savedmodels.golden;

import java.util.function.Function;
import java.util.stream.IntStream;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.model.FullAttention;
import org.etalon.graph.model.Transformer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** All logits of one sequence of a small model. */
final class FullForward {
  private FullForward() {}

  /** [T, V], row-major. */
  static float[] logits(ModelConfig config, Function<String, float[]> weights, int[] ids) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Transformer model =
          Transformer.of(tf, config, name -> constant(tf, config, name, weights.apply(name)));
      int[] positions = IntStream.range(0, ids.length).toArray();
      var attend = FullAttention.within(tf, row(tf, new int[ids.length]));
      var h_BTD = model.apply(tf, row(tf, ids), row(tf, positions), attend);
      var h_TD = tf.reshape(h_BTD, tf.constant(new int[] {ids.length, config.hidden()}));
      var logits_TV = model.head_VD().product(tf, h_TD);
      try (Result result = session.runner().fetch(logits_TV).run()) {
        float[] values = new float[ids.length * config.vocabulary()];
        result.get(0).asRawTensor().data().asFloats().read(values);
        return values;
      }
    }
  }

  private static Operand<TInt32> row(Ops tf, int[] values) {
    return tf.expandDims(tf.constant(values), tf.constant(0));
  }

  private static Operand<TFloat32> constant(
      Ops tf, ModelConfig config, String name, float[] values) {
    ParameterSpec spec =
        config.parameters().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    return tf.constant(spec.shape(), DataBuffers.of(values, true, false));
  }
}
