package org.etalon.graph.program;

import java.util.List;
import org.etalon.graph.decode.CacheAttention;
import org.etalon.graph.decode.CachedAttend;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Dim;
import org.etalon.graph.model.Matrix;
import org.etalon.graph.model.Transformer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Steps of any number of slots, in the program's lowering and with its weights as they are held.
 *
 * @param positions per slot, C
 */
record SlotStep(Program program, int positions) implements StepForm {
  @Override
  public int chunk() {
    return 1;
  }

  @Override
  public Lowering lowering() {
    return program.lowering();
  }

  @Override
  public List<Operand<?>> weights(Ops tf, List<Operand<?>> weights) {
    return weights;
  }

  @Override
  public List<Operand<?>> held(Ops tf, List<Operand<?>> caches) {
    return caches;
  }

  @Override
  public List<Operand<?>> stored(Ops tf, List<Operand<?>> caches) {
    return caches;
  }

  @Override
  public Transformer model(Ops tf, List<Operand<?>> weights, Operand<TInt32> atLeastOne) {
    return program.isPacked()
        ? Transformer.of(
            tf,
            program.config(),
            new PackedParameters(Packing.of(program.config()), weights, Matrix::of))
        : Scorer.model(tf, program.config(), weights);
  }

  @Override
  public CachedAttend attend(
      List<Operand<?>> keys, List<Operand<?>> values, Operand<TInt32> position_S) {
    return new CacheAttention(
        program.lowering().rowWrite(),
        floating(keys),
        floating(values),
        Dim.of(positions),
        position_S);
  }

  private static List<Operand<TFloating>> floating(List<Operand<?>> caches) {
    return caches.stream().map(Cast::floating).toList();
  }
}
