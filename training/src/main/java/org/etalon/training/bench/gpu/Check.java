package org.etalon.training.bench.gpu;

import java.util.Map;

/** One of the checks of a GPU. */
@FunctionalInterface
interface Check {
  /**
   * Runs it.
   *
   * @return what was measured, by name; numbers, text or lists and maps of them
   * @throws CheckException if it fails or cannot be made here
   */
  Map<String, Object> run(Setup setup);
}
