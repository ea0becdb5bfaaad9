package org.etalon.training.decontaminate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.DataException;
import org.etalon.data.benchmark.BenchmarkFile;
import org.etalon.data.builtin.BuiltinProblems;
import org.etalon.data.builtin.BuiltinSpec;
import org.etalon.data.builtin.BuiltinSplits;
import org.etalon.data.decontaminate.Decontaminator;
import org.etalon.data.manifest.Manifest;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;
import org.etalon.data.source.ProblemSource;
import org.etalon.training.command.StageCommand;
import org.etalon.training.config.BenchmarkSettings;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.DataSettings;
import org.etalon.training.run.AtomicFiles;
import org.etalon.training.run.Stage;
import org.etalon.training.run.StageRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the four problem sets of a run and drops every training problem, of the spectrum and of
 * the signal phase, that shares a 10-gram with a probing or held-out problem.
 *
 * <p>Paper: P1 §3.5. Our choice: the probing sets count as evaluation, so that choosing specialists
 * does not reward what was seen.
 */
public final class Decontaminate {
  private static final Logger LOG = LoggerFactory.getLogger(Decontaminate.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Decontaminate() {}

  /** The stage as a program of its own; takes the options of {@code etalon decontaminate}. */
  public static void main(String[] args) {
    StageCommand.main("decontaminate", Decontaminate::run, args);
  }

  /** Writes {@code data/{sft,rl,probe,test}.jsonl} and what was dropped. */
  public static void run(StageRun run) {
    Configuration c = run.configuration();
    Path folder = run.folder().folder(Stage.DATA);
    BuiltinSplits sets = sets(c);
    var options =
        new Decontaminator.Options(
            c.data().decontaminate().ngram(), c.data().decontaminate().checkTraces());
    List<Problem> evaluation = new ArrayList<>(sets.test());
    evaluation.addAll(sets.probe());
    for (BenchmarkSettings b : c.eval().benchmarks()) {
      evaluation.addAll(BenchmarkFile.questions(b.benchmark(), Path.of(b.file()), c.seed()));
    }
    Decontaminator decontaminator = Decontaminator.against(evaluation, options);
    Decontaminator.Report sft = decontaminator.filter(sets.sft());
    Decontaminator.Report rl = decontaminator.filter(sets.rl());
    requireRest("sft", sft, "data.sft");
    requireRest("rl", rl, "data.rl");
    ProblemFile.write(folder.resolve("sft.jsonl"), sft.kept());
    ProblemFile.write(folder.resolve("rl.jsonl"), rl.kept());
    ProblemFile.write(folder.resolve("probe.jsonl"), sets.probe());
    ProblemFile.write(folder.resolve("test.jsonl"), sets.test());
    AtomicFiles.write(
        folder.resolve("dropped.jsonl"),
        out -> {
          for (Decontaminator.Report report : List.of(sft, rl)) {
            for (Decontaminator.Overlap overlap : report.dropped()) {
              out.write(JSON.writeValueAsBytes(overlap));
              out.write('\n');
            }
          }
        });
    Manifest manifest = run.manifest(Stage.DATA);
    for (String file : List.of(c.data().sft(), c.data().rl(), c.data().probe(), c.data().test())) {
      manifest = file.isBlank() ? manifest : manifest.withInput(file, Path.of(file));
    }
    for (BenchmarkSettings b : c.eval().benchmarks()) {
      manifest = manifest.withInput(b.file(), Path.of(b.file()));
    }
    manifest
        .withFact("sft", sft.kept().size())
        .withFact("sft_dropped", sft.dropped().size())
        .withFact("rl", rl.kept().size())
        .withFact("rl_dropped", rl.dropped().size())
        .withFact("probe", sets.probe().size())
        .withFact("test", sets.test().size())
        .write(folder);
    LOG.info(
        "data: {} problems to distil ({} dropped), {} for rewards ({} dropped), {} probing, {} held"
            + " out",
        sft.kept().size(),
        sft.dropped().size(),
        rl.kept().size(),
        rl.dropped().size(),
        sets.probe().size(),
        sets.test().size());
  }

  /** The four problem sets that a configuration names, as they are before anything is dropped. */
  public static BuiltinSplits sets(Configuration c) {
    DataSettings d = c.data();
    DataSettings.Builtin b = d.builtin();
    BuiltinSplits builtin =
        b.enabled()
            ? BuiltinProblems.generate(
                new BuiltinSpec(
                    b.set(),
                    c.seed(),
                    d.sft().isBlank() ? b.sft() : 0,
                    d.rl().isBlank() ? b.rl() : 0,
                    d.probe().isBlank() ? b.probe() : 0,
                    d.test().isBlank() ? b.test() : 0,
                    b.maxLevel(),
                    b.tracesPerProblem()))
            : new BuiltinSplits(List.of(), List.of(), List.of(), List.of());
    BuiltinSplits sets =
        new BuiltinSplits(
            d.sft().isBlank()
                ? builtin.sft()
                : ProblemSource.readSet(Path.of(d.sft()), true, c.seed()),
            file(d.rl(), builtin.rl(), c.seed()),
            file(d.probe(), builtin.probe(), c.seed()),
            file(d.test(), builtin.test(), c.seed()));
    return sets;
  }

  private static List<Problem> file(String path, List<Problem> otherwise, long seed) {
    return path.isBlank() ? otherwise : ProblemSource.readSet(Path.of(path), false, seed);
  }

  private static void requireRest(String name, Decontaminator.Report report, String key) {
    if (report.kept().isEmpty()) {
      throw new DataException(
          "no problem of %s is left: %d of %d overlap with evaluation; change %s"
              .formatted(
                  name,
                  report.dropped().size(),
                  report.dropped().size() + report.kept().size(),
                  key));
    }
  }
}
