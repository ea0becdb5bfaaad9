package org.etalon.training.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.program.Device;
import org.etalon.graph.program.TokenBatch;
import org.junit.jupiter.api.Test;

class HashedWeightsTest {
  /** Computed by Python with unbounded integers. */
  @Test
  void valuesAreThoseOfTheFormula() {
    long embedding = HashedWeights.hash("model.embed_tokens.weight");
    assertEquals(0.02943547858245265, HashedWeights.uniform(embedding, 0), 1e-9);
    assertEquals(-0.0026763764633721205, HashedWeights.uniform(embedding, 5_000_000_000L), 1e-9);
    long up = HashedWeights.hash("model.layers.3.mlp.up_proj.weight");
    assertEquals(-0.017439781817447927, HashedWeights.uniform(up, 77), 1e-9);
  }

  @Test
  void valuesHaveTheDeviationOfAnInitialisation() {
    double sum = 0;
    double squares = 0;
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      double value = HashedWeights.value(ParameterSpec.Kind.MATRIX, 1234, i);
      sum += value;
      squares += value * value;
    }
    assertEquals(0, sum / count, 3e-4);
    assertEquals(0.02, Math.sqrt(squares / count), 3e-4);
    assertEquals(1, HashedWeights.value(ParameterSpec.Kind.NORM, 1, 1));
    assertEquals(0, HashedWeights.value(ParameterSpec.Kind.BIAS, 1, 1));
  }

  @Test
  void aBatchIsOneDocumentARowThatCountsWhole() {
    TokenBatch batch = Batches.of(2, 3, 100);
    assertEquals(Batches.token(1, 2, 100), batch.ids()[5]);
    assertEquals(batch.ids()[1], batch.targets()[0]);
    float weight = 0;
    for (float w : batch.weights()) {
      weight += w;
    }
    assertEquals(1, weight, 1e-6);
  }

  /** Source: 6 · 1,543,714,304 parameters + 6 · 28 layers · 1536 · T, of Qwen2.5-1.5B. */
  @Test
  void operationsOfAStepAreThoseOfTheModel() {
    var setup =
        new Setup(Device.of(Device.Kind.CPU), false, Setup.Deadline.in(1), Optional.empty());
    var model = setup.model(setup.layers());
    assertEquals(9.2623e9 + 258_048 * 2048.0, ModelCheck.flops(model, 2048), 1e6);
    assertTrue(model.parameters().stream().mapToLong(ParameterSpec::size).sum() == 1_543_714_304L);
  }
}
