package org.etalon.training.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.training.config.Configuration;
import org.etalon.training.run.ProgressStyle;
import org.etalon.training.run.RunFolder;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options that every stage takes: a configuration, where to write, and how much to say. */
public final class CommonOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML laid over the defaults (etalon config prints them).")
  private Path config;

  @Option(names = "--out", paramLabel = "DIR", description = "Run folder; created or continued.")
  private Path out;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one key, as in mgpo.rollouts=16; may be repeated.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--quiet", description = "No progress, only warnings and results.")
  private boolean quiet;

  @Option(names = "--verbose", description = "Details, and stack traces of errors.")
  private boolean verbose;

  /**
   * The resolved configuration.
   *
   * @param more overrides {@code a.b=c} after those of the command line
   */
  public Configuration configuration(String... more) {
    List<String> all = new ArrayList<>(sets);
    all.addAll(List.of(more));
    return Configuration.load(Optional.ofNullable(config), all);
  }

  /**
   * The folder given by {@code --out}.
   *
   * @throws DataException if it was not given
   */
  public Path out() {
    if (out == null) {
      throw new DataException("no run folder given; add --out DIR");
    }
    return out;
  }

  /** The same, if it was given. */
  public Optional<Path> outIfGiven() {
    return Optional.ofNullable(out);
  }

  /** Creates or opens the run folder under the resolved configuration. */
  public RunFolder openRun() {
    return RunFolder.open(out(), configuration());
  }

  /** How progress shall be shown. */
  public ProgressStyle progress() {
    return ProgressStyle.detect(quiet);
  }

  /** Whether {@code --quiet} was given. */
  public boolean isQuiet() {
    return quiet;
  }

  /** Whether {@code --verbose} was given. */
  public boolean isVerbose() {
    return verbose;
  }

  /** Sets the log level of Etalon's own loggers. */
  void applyLogLevel() {
    if (LoggerFactory.getLogger("org.etalon") instanceof Logger logger) {
      logger.setLevel(verbose ? Level.DEBUG : quiet ? Level.WARN : Level.INFO);
    }
  }
}
