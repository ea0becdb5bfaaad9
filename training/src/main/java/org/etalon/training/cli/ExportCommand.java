package org.etalon.training.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.savedmodels.export.Description;
import org.etalon.training.command.CommonOptions;
import org.etalon.training.command.StageCommand;
import org.etalon.training.export.Conversion;
import org.etalon.training.export.Export;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The export stage of a run, or, with {@code --format}, any model folder as another format. */
@Command(
    name = "export",
    description = {
      "Exports the model of a run, or with --format and --model any model folder;",
      "or describes a SavedModel."
    })
final class ExportCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  /** What can be written. */
  enum Format {
    HF,
    GGUF,
    SAVEDMODEL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES}.")
  private Format format;

  @Option(names = "--model", paramLabel = "DIR", description = "Model folder, with --format.")
  private Path model;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "f32, f16, bf16; q8_0 for gguf; f32, bf16 for savedmodel. Default: as stored; f16 for gguf, f32 for savedmodel.")
  private String dtype;

  @Option(
      names = "--xla",
      description = "With --format savedmodel: a second graph, tags serve,xla, that XLA compiles.")
  private boolean xla;

  @Option(
      names = "--describe",
      paramLabel = "DIR",
      description = "Prints what a SavedModel holds: signatures, operations, files, facts.")
  private Path described;

  @Override
  public Integer call() {
    if (described != null) {
      if (format != null || model != null || dtype != null || xla) {
        throw new DataException("--describe only prints; leave out --format, --model and the rest");
      }
      spec.commandLine().getOut().print(Description.of(described));
      spec.commandLine().getOut().flush();
      return 0;
    }
    if (xla && format != Format.SAVEDMODEL) {
      throw new DataException(
          "--xla goes with --format savedmodel; for a run name its export/huggingface as --model");
    }
    if (format == null && model == null && dtype == null) {
      return StageCommand.run(common, spec, Export::run);
    }
    if (format == null || model == null) {
      throw new DataException("--format and --model go together; give both, or neither for a run");
    }
    Optional<String> type = Optional.ofNullable(dtype);
    switch (format) {
      case HF -> Conversion.huggingFace(model, common.out(), type);
      case GGUF -> Conversion.gguf(model, common.out(), type);
      case SAVEDMODEL -> Conversion.savedModel(model, common.out(), type, xla);
    }
    return 0;
  }
}
