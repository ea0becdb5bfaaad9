package org.etalon.training.bench.gpu;

import java.util.Map;

/** A check that did not pass. */
final class CheckException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final CheckReport.Status status;
  private final transient Map<String, Object> values;

  private CheckException(CheckReport.Status status, String reason, Map<String, Object> values) {
    super(reason);
    this.status = status;
    this.values = values;
  }

  /** What was measured is wrong; the checks end. */
  static CheckException failed(String reason, Map<String, Object> values) {
    return new CheckException(CheckReport.Status.FAILED, reason, values);
  }

  /** What is needed is not here; the checks go on. */
  static CheckException skipped(String reason) {
    return new CheckException(CheckReport.Status.SKIPPED, reason, Map.of());
  }

  /** There is no GPU; the checks end. */
  static CheckException noGpu(String reason) {
    return new CheckException(CheckReport.Status.NO_GPU, reason, Map.of());
  }

  CheckReport.Status status() {
    return status;
  }

  Map<String, Object> values() {
    return values;
  }
}
