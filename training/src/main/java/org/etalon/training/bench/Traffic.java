package org.etalon.training.bench;

import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;

/**
 * Bytes that decoding has to read at least: each matrix once a step for all rows together, and for
 * each row its keys and values. Both are counted in the products' type, whatever the cache holds;
 * an embedding that is also the head is read as the head.
 *
 * @param config the model
 * @param type of products
 */
record Traffic(ModelConfig config, WeightType type) {
  private int size() {
    return type == WeightType.BFLOAT16 ? Short.BYTES : Float.BYTES;
  }

  /** Bytes of the matrices. */
  double weights() {
    return (double) size() * new Flops(config).multiplied();
  }

  /** Bytes of the keys and values of one position. */
  double keyValues() {
    return 2.0 * size() * config.layers() * config.kvHeads() * config.headDim();
  }
}
