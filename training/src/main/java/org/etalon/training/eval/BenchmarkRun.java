package org.etalon.training.eval;

import com.google.common.base.Ascii;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.benchmark.Benchmark;
import org.etalon.data.grade.Graders;
import org.etalon.data.grade.Verdict;
import org.etalon.data.problem.Problem;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.program.Sampling;
import org.etalon.training.metrics.Progress;
import org.etalon.training.policy.Graded;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.Response;
import org.etalon.training.policy.RolloutSource;
import org.etalon.training.policy.SampleSpec;
import org.etalon.training.policy.Seeds;
import org.etalon.training.report.BenchmarkResult;
import org.etalon.training.run.ProgressStyle;
import org.etalon.training.statistics.Bootstrap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates one model on benchmarks, each in a folder of its own: {@code plan.json}, {@code
 * samples.jsonl}, {@code result.json}. Samples are kept as soon as those of a block of problems are
 * graded; a run that was cut goes on after them and ends with the same files.
 *
 * <p>Paper: P1 §4.1. Our choice: a response may be as long as the benchmark says or the model's
 * window allows; a prompt that leaves no room is not asked, counts as wrong and is reported.
 */
final class BenchmarkRun {
  private static final Logger LOG = LoggerFactory.getLogger(BenchmarkRun.class);

  /** Problems are sampled in blocks of about this many responses a slot. */
  private static final int RESPONSES_A_SLOT = 4;

  /** Characters of a gold answer that a line of samples repeats. */
  private static final int MOST_ANSWER = 1000;

  private final Policy policy;
  private final RolloutSource source;
  private final Graders graders;
  private final Settings settings;
  private final int longest;
  private final int most;

  /**
   * What all benchmarks of a run share.
   *
   * @param seed of sampling, of the order of options and of the bootstrap
   * @param slots responses decoded side by side
   * @param bootstrapSamples resamples over problems
   * @param confidence of the intervals
   * @param progress how progress is shown
   */
  record Settings(
      long seed, int slots, int bootstrapSamples, double confidence, ProgressStyle progress) {}

  /**
   * @param policy the model; stays the caller's, as do the source and the graders
   * @param source draws its responses
   * @param tasks everything that will be asked, so that one decoder serves all
   */
  BenchmarkRun(
      Policy policy,
      RolloutSource source,
      Graders graders,
      Settings settings,
      List<BenchmarkTask> tasks) {
    this.policy = policy;
    this.source = source;
    this.graders = graders;
    this.settings = settings;
    int window = window();
    this.longest =
        tasks.stream()
            .flatMap(task -> task.problems().stream())
            .mapToInt(problem -> prompt(problem).length)
            .filter(length -> length < window)
            .max()
            .orElse(1);
    int asked = tasks.stream().mapToInt(t -> t.benchmark().maxNewTokens()).max().orElse(1);
    this.most = Math.min(asked, window - 1);
  }

  /** A name and what identifies the weights. */
  record Model(String name, Map<String, String> plan) {}

  /** Samples what is missing, grades and scores. */
  BenchmarkResult run(Model model, BenchmarkTask task, Path folder) {
    Map<String, String> plan = new LinkedHashMap<>(model.plan());
    plan.putAll(task.plan(settings.seed()));
    new Plan(plan).begin(folder);
    List<Problem> problems = task.problems();
    List<int[]> prompts = problems.stream().map(this::prompt).toList();
    warn(task, prompts);
    Benchmark benchmark = task.benchmark();
    List<String> ids = problems.stream().map(Problem::id).toList();
    int block = Math.max(1, RESPONSES_A_SLOT * settings.slots() / benchmark.samples());
    String name = "eval " + benchmark.name();
    try (SampleFile file =
            SampleFile.open(folder.resolve("samples.jsonl"), ids, benchmark.samples());
        Progress progress =
            Progress.start(
                settings.progress(), name, "problems", file.outcomes().size(), problems.size())) {
      for (int from = file.outcomes().size(); from < problems.size(); from += block) {
        int to = Math.min(from + block, problems.size());
        file.append(ask(benchmark, problems.subList(from, to), prompts.subList(from, to), from));
        progress.update(to, "");
      }
      BenchmarkResult result = result(model.name(), task, file.outcomes(), prompts);
      result.write(folder);
      return result;
    }
  }

  private int window() {
    return policy.program().config().maxPositions();
  }

  private int[] prompt(Problem problem) {
    return policy.template().prompt(problem.prompt());
  }

  private void warn(BenchmarkTask task, List<int[]> prompts) {
    long tooLong = prompts.stream().filter(p -> p.length >= window()).count();
    if (tooLong > 0) {
      LOG.warn(
          "{}: {} prompts do not fit the model's window of {} tokens; they count as wrong",
          task.benchmark().title(),
          tooLong,
          window());
    }
    int cramped = cramped(task.benchmark(), prompts);
    if (cramped > 0) {
      LOG.warn(
          "{}: {} prompts leave less room in the window of {} tokens than the {} asked for;"
              + " their responses end with the window",
          task.benchmark().title(),
          cramped,
          window(),
          task.benchmark().maxNewTokens());
    }
  }

  private int cramped(Benchmark benchmark, List<int[]> prompts) {
    return (int)
        prompts.stream()
            .filter(p -> p.length < window() && p.length + benchmark.maxNewTokens() > window())
            .count();
  }

  /** Samples and grades some problems; those that cannot be asked get empty samples. */
  private List<List<Sample>> ask(
      Benchmark benchmark, List<Problem> problems, List<int[]> prompts, int first) {
    long seed = Seeds.of(settings.seed(), "benchmark " + benchmark.name(), 0);
    var sampling = new Sampling(benchmark.temperature(), 0, benchmark.topP(), seed);
    int limit = Math.min(benchmark.maxNewTokens(), most);
    var spec = new SampleSpec(benchmark.samples(), limit, settings.slots(), sampling);
    List<Problem> asked = new ArrayList<>();
    List<Policy.Placed> placed = new ArrayList<>();
    for (int i = 0; i < problems.size(); i++) {
      if (prompts.get(i).length < window()) {
        asked.add(problems.get(i));
        placed.add(new Policy.Placed(prompts.get(i), first + i));
      }
    }
    List<List<Response>> responses =
        placed.isEmpty() ? List.of() : policy.sample(placed, longest, spec, source, tokens -> {});
    List<Graded> graded = Graded.of(asked, responses, graders);
    // Nothing decided stops here, before it is kept as if it were a result.
    Graded.decided(graded);
    List<List<Sample>> samples = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < problems.size(); i++) {
      long sequence = (long) (first + i) * benchmark.samples();
      boolean fits = prompts.get(i).length < window();
      samples.add(
          fits
              ? samples(graded.get(next++), seed, sequence)
              : unasked(problems.get(i), benchmark.samples(), seed, sequence));
    }
    return samples;
  }

  private static List<Sample> samples(Graded group, long seed, long sequence) {
    List<Sample> samples = new ArrayList<>();
    for (int s = 0; s < group.responses().size(); s++) {
      Response response = group.responses().get(s);
      Verdict verdict = group.verdicts().get(s);
      samples.add(
          new Sample(
              group.problem().id(),
              s,
              group.problem().prompt(),
              response.text(),
              shown(group.problem().answer()),
              verdict.extracted(),
              verdict.correct(),
              verdict.decided(),
              verdict.reason(),
              response.truncated() ? Sample.LENGTH : Sample.STOP,
              response.completion().ids().length,
              seed,
              sequence + s));
    }
    return samples;
  }

  /** A program's tests are megabytes and the same for every sample. */
  private static String shown(String answer) {
    return Ascii.truncate(answer, MOST_ANSWER, "…");
  }

  private static List<Sample> unasked(Problem problem, int count, long seed, long sequence) {
    List<Sample> samples = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      samples.add(
          new Sample(
              problem.id(),
              s,
              problem.prompt(),
              "",
              shown(problem.answer()),
              "",
              false,
              true,
              "the prompt does not fit the model's window",
              Sample.TOO_LONG,
              0,
              seed,
              sequence + s));
    }
    return samples;
  }

  private BenchmarkResult result(
      String model, BenchmarkTask task, List<List<Sample.Outcome>> outcomes, List<int[]> prompts) {
    Benchmark b = task.benchmark();
    var bootstrap =
        new Bootstrap(settings.bootstrapSamples(), settings.confidence(), settings.seed());
    var scores = new BenchmarkScores(task.problems(), outcomes, bootstrap);
    return new BenchmarkResult(
        b.name(),
        b.title(),
        model,
        policy.program().config().parameters().stream().mapToLong(ParameterSpec::size).sum(),
        new BenchmarkResult.Sampling(
            b.samples(), b.temperature(), b.topP(), b.maxNewTokens(), settings.seed()),
        task.problems().size(),
        settings.confidence(),
        scores.average(),
        scores.passAtK(b.samples()),
        scores.consAtK(b.samples()),
        scores.tokens(),
        scores.truncated(),
        scores.undecided(),
        scores.undecidedProblems(),
        scores.promptsTooLong(),
        cramped(b, prompts));
  }
}
