package org.etalon.training.cli;

import com.google.common.io.Closer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.data.grade.Graders;
import org.etalon.data.prepare.FilterSteps;
import org.etalon.data.prepare.OwnSteps;
import org.etalon.data.prepare.Preparation;
import org.etalon.data.prepare.PreparedFolder;
import org.etalon.data.prepare.Recipe;
import org.etalon.data.prepare.Summary;
import org.etalon.data.prepare.step.Context;
import org.etalon.data.source.Layouts;
import org.etalon.data.text.TokenizerFile;
import org.etalon.training.config.GraderSettings;
import org.etalon.training.run.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a problem set from files of any known layout. */
@Command(
    name = "prepare",
    description = {
      "Reads problems from JSON, Parquet or CSV files, runs a recipe's steps over them and writes",
      "problems.jsonl, or a file for each split, with a report of what was dropped and why."
    })
final class PrepareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--recipe",
      paramLabel = "FILE",
      description = "YAML with inputs, steps and splits.")
  private Path recipe;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "In place of a recipe: converts and checks this file; may be repeated.")
  private List<Path> inputs = new ArrayList<>();

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      description = "Layout of --input; by default it is told by the columns.")
  private String layout = Layouts.AUTO;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one key of the recipe, as in inputs[0].limit=100 or onBadRow=drop.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads; all processors by default. The result is the same.")
  private int threads;

  @Option(names = "--force", description = "Makes a folder again that was made otherwise.")
  private boolean force;

  @Override
  public Integer call() throws IOException {
    if (inputs.isEmpty() == (recipe == null)) {
      throw new DataException("say what to read: either --recipe FILE or --input FILE");
    }
    if (threads < 0) {
      throw new DataException("--threads must be at least 1, or 0 for all, got " + threads);
    }
    RecipeFile file = recipe == null ? RecipeFile.of(inputs, layout) : RecipeFile.read(recipe);
    sets.forEach(file::set);
    Path base = recipe == null ? Path.of("").toAbsolutePath() : recipe.toAbsolutePath().getParent();
    Recipe read = file.recipe();
    long begun = System.nanoTime();
    String command =
        "etalon " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    try (Graders graders = new GraderSettings(false).graders();
        Closer tokenizers = Closer.create()) {
      var context =
          new Context(graders::of, name -> tokenizer(name, tokenizers), read.seed(), base);
      var catalog = OwnSteps.together(List.of(new OwnSteps(base), new FilterSteps(context)));
      var preparation = new Preparation(read, catalog, base, workers());
      Summary summary =
          new PreparedFolder(out).make(preparation, "etalon " + Version.current(), command, force);
      print(summary, preparation, (System.nanoTime() - begun) * 1e-9);
    }
    return 0;
  }

  private static TokenizerFile tokenizer(String name, Closer open) {
    TokenizerFile tokenizer =
        name.equals("builtin") ? TokenizerFile.builtin() : TokenizerFile.load(Path.of(name));
    open.register(tokenizer::close);
    return tokenizer;
  }

  private int workers() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  private void print(Summary summary, Preparation preparation, double seconds) {
    var out = spec.commandLine().getOut();
    if (summary.isUpToDate()) {
      out.printf("%s is up to date: nothing has changed%n", this.out);
    } else {
      double bytes = preparation.files().stream().mapToDouble(file -> file.toFile().length()).sum();
      out.print(summary.table());
      out.printf(
          "%.1f s, %.1f MB/s, %.0f rows/s%n",
          seconds, bytes / 1e6 / seconds, summary.steps().get(0).in() / seconds);
    }
    out.flush();
  }
}
