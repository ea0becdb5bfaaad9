package org.etalon.training.bench;

import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.training.bench.gpu.GpuCommand;
import picocli.CommandLine.Command;

/** Measures speed and memory. */
@Command(
    name = "bench",
    description = {
      "Measures speed and memory on this machine, and what the machine does at best: products of",
      "large matrices and reading of large arrays, first and last in the same process."
    },
    subcommands = {
      TrainCommand.class,
      DecodeCommand.class,
      RolloutCommand.class,
      RlCommand.class,
      AttentionCommand.class,
      LossCommand.class,
      ServeCommand.class,
      GpuCommand.class
    })
public final class BenchCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new DataException(
        "say what to measure: etalon bench train, decode, rollout, rl, attention, loss, serve or gpu; see etalon bench --help");
  }
}
