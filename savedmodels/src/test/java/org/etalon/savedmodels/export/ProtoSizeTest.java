package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.NodeDef;

/** Weights live in variables: a graph's size depends on the number of layers alone. */
class ProtoSizeTest {
  /** What the contract allows. */
  private static final int LIMIT = 64 << 20;

  private static ModelConfig config(int layers, int hidden, int vocabulary) {
    return ModelConfig.qwen2(
        vocabulary, hidden, 4 * hidden, layers, 12, 2, 128, 10_000, 1e-6, true, 32_768);
  }

  private static long size(ModelConfig config) {
    return new SavedModelExporter(config, List.of(1), 0, WeightType.BFLOAT16, true)
        .graphs()
        .getSerializedSize();
  }

  @Test
  void aThousandTimesTheWeightsAreTheSameGraph() {
    long small = size(config(2, 48, 500));
    long large = size(config(2, 8_192, 151_936));
    // Sizes are numbers of one to three bytes.
    assertTrue(Math.abs(large - small) < small / 50, small + " and " + large);
  }

  @Test
  void aHundredLayersWithAGraphForXlaStayFarBelowTheLimit() {
    long one = size(config(1, 48, 500));
    long three = size(config(3, 48, 500));
    long layer = (three - one) / 2;
    assertTrue(layer > 0);
    assertTrue(one + 99 * layer < LIMIT / 2, "100 layers: " + (one + 99 * layer));
  }

  @Test
  void noConstantHoldsMoreThanTheNamesOfTheWeights() {
    var graph =
        new ServingGraph(config(2, 48, 500), List.of(1), 0, WeightType.FLOAT32, false)
            .build()
            .getGraphDef();
    for (NodeDef node : graph.getNodeList()) {
      if (node.getOp().equals("Const")) {
        assertTrue(node.getSerializedSize() < 4_096, node.getName());
      }
    }
  }
}
