package org.etalon.training.bench;

import java.util.Map;
import java.util.function.Consumer;
import org.etalon.graph.program.Program;
import org.tensorflow.proto.RunMetadata;

/** Something that is done again and again and timed. The creator closes. */
interface Workload extends AutoCloseable {
  /** Sizes, for the record. */
  Map<String, Object> facts();

  /** Does it once. */
  Round round();

  /** What runs it. */
  Program program();

  /** Does it once more, with the record of each of TensorFlow's runs to {@code consumer}. */
  default void trace(Consumer<RunMetadata> consumer) {
    program().trace(consumer);
    try {
      round();
    } finally {
      program().untrace();
    }
  }

  @Override
  default void close() {
    program().close();
  }
}
