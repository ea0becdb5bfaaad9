package org.etalon.graph.decode;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.model.Attend;
import org.etalon.graph.model.Tape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Attention that also hands on the keys and values of every layer, to fill a cache from a prompt.
 */
public final class KeyValues implements Attend {
  private final Attend attend;
  private final List<Operand<TFloat32>> keys = new ArrayList<>();
  private final List<Operand<TFloat32>> values = new ArrayList<>();

  public KeyValues(Attend attend) {
    this.attend = attend;
  }

  @Override
  public Operand<? extends TFloating> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_BNTH,
      Operand<TFloat32> k_BKTH,
      Operand<TFloat32> v_BKTH) {
    keys.add(k_BKTH);
    values.add(v_BKTH);
    return attend.apply(tf, tape, layer, q_BNTH, k_BKTH, v_BKTH);
  }

  /** Rotated keys by layer, each [B, K, T, H]. */
  public List<Operand<TFloat32>> keys() {
    return List.copyOf(keys);
  }

  /** Values by layer, each [B, K, T, H]. */
  public List<Operand<TFloat32>> values() {
    return List.copyOf(values);
  }
}
