package org.etalon.training.bench;

import java.util.Map;
import java.util.function.Consumer;
import org.tensorflow.proto.RunMetadata;

/** Something that is done again and again and timed. The creator closes. */
interface Workload extends AutoCloseable {
  /** Sizes, for the record. */
  Map<String, Object> facts();

  /** What one round does. */
  Work work();

  /** Does it once. */
  Round round();

  /** Does it once more, with the record of each of TensorFlow's runs to {@code consumer}. */
  void trace(Consumer<RunMetadata> consumer);

  @Override
  void close();
}
