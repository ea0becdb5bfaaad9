package org.etalon.graph.decode;

import java.util.List;
import org.etalon.graph.model.Attend;
import org.tensorflow.Operand;

/** Attention of new positions over a key/value cache that it also extends. */
public interface CachedAttend extends Attend {
  /** Each layer's keys after this position, of the caches' shape. */
  List<Operand<?>> keys();

  /** Each layer's values after this position, of the caches' shape. */
  List<Operand<?>> values();
}
