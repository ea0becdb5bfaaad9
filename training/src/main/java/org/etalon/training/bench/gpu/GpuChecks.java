package org.etalon.training.bench.gpu;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The checks in their order; the first that fails ends them. */
final class GpuChecks {
  private static final int CEILINGS = 2;
  private static final int MODEL = 6;
  private static final int PEER = 7;

  private record Named(int number, String name, Check check) {}

  private static final List<Named> ORDER =
      List.of(
          new Named(1, "device", new DeviceCheck()),
          new Named(CEILINGS, "ceilings", new CeilingCheck()),
          new Named(3, "compiled-function", new CompileCheck()),
          new Named(4, "tiny-training", new TinyTrainingCheck()),
          new Named(5, "flash-attention", new FlashCheck()),
          new Named(MODEL, "model", new ModelCheck()),
          new Named(PEER, "peer", new PeerCheck()));

  private GpuChecks() {}

  static Set<Integer> numbers() {
    return Set.of(1, CEILINGS, 3, 4, 5, MODEL, PEER);
  }

  /**
   * Runs checks.
   *
   * @param only their numbers; the first is always made
   * @param reports told each result as it is there
   * @return how it ended
   */
  static CheckReport.Status run(Setup setup, Set<Integer> only, Consumer<CheckReport> reports) {
    for (Named named : ORDER) {
      if (named.number != 1 && !only.contains(named.number)) {
        continue;
      }
      CheckReport report =
          named.number == PEER && only.contains(MODEL) && setup.onGpu()
              ? crowded(named)
              : report(named, setup);
      reports.accept(report);
      if (report.status() == CheckReport.Status.FAILED
          || report.status() == CheckReport.Status.NO_GPU) {
        return report.status();
      }
    }
    if (only.contains(CEILINGS) && only.size() > 1) {
      // The device may have become slower meanwhile, and then the times between are in doubt.
      CheckReport last = report(new Named(CEILINGS, "ceilings-last", new CeilingCheck()), setup);
      reports.accept(last);
      return last.status();
    }
    return CheckReport.Status.OK;
  }

  private static CheckReport crowded(Named named) {
    return new CheckReport(
        named.number,
        named.name,
        CheckReport.Status.SKIPPED,
        "TensorFlow keeps the memory that check 6 took; run --only 7 in a process of its own",
        0,
        Map.of());
  }

  private static CheckReport report(Named named, Setup setup) {
    long start = System.nanoTime();
    CheckReport.Status status = CheckReport.Status.OK;
    String reason = "";
    Map<String, Object> values;
    try {
      values = named.check.run(setup);
    } catch (CheckException e) {
      status = e.status();
      reason = e.getMessage();
      values = e.values();
    } catch (LinkageError | RuntimeException e) {
      // Whatever TensorFlow or a CUDA library throws is the result of the check.
      status = CheckReport.Status.FAILED;
      reason = String.valueOf(e.getMessage()).strip();
      values = Map.of("exception", e.getClass().getName());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new CheckReport(named.number, named.name, status, reason, seconds, values);
  }
}
