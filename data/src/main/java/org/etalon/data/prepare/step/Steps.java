package org.etalon.data.prepare.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;
import org.etalon.data.prepare.Step;
import org.etalon.data.text.Tokenizer;

/** The steps by the names that recipes use. */
public final class Steps {
  /** Options that name files which the step reads. */
  private static final ImmutableList<String> FILE_OPTIONS =
      ImmutableList.of("rollouts", "answers", "tokenizer");

  /** Makes a step from its options. */
  @FunctionalInterface
  private interface Maker {
    Step make(StepOptions options, Context context);
  }

  /** A step's options and how it is made from them. */
  private record Entry(List<String> options, Maker maker) {}

  private static final ImmutableMap<String, Entry> ENTRIES =
      ImmutableMap.<String, Entry>builder()
          .put(
              "repetition",
              new Entry(
                  List.of(
                      "gram",
                      "maxShare",
                      "minGrams",
                      "maxPeriod",
                      "minRepeats",
                      "minLoopWords",
                      "keepWithoutTraces"),
                  (options, context) ->
                      new RepetitionFilter(RepetitionFilter.Options.read(options))))
          .put(
              "correct-traces",
              new Entry(
                  List.of(
                      "undecided", "requireBox", "requireEnd", "ungradable", "keepWithoutTraces"),
                  (options, context) ->
                      new CorrectTraces(CorrectTraces.Options.read(options), context.graders())))
          .put(
              "majority-label",
              new Entry(
                  List.of(
                      "rollouts",
                      "requireBox",
                      "minShare",
                      "minVotes",
                      "minLead",
                      "placeholders",
                      "disagreement"),
                  Steps::majorityLabel))
          .put(
              "difficulty",
              new Entry(
                  List.of(
                      "rollouts",
                      "min",
                      "max",
                      "dropUnsolved",
                      "dropSolved",
                      "missing",
                      "bucket",
                      "edges"),
                  (options, context) ->
                      new Difficulty(Difficulty.Options.read(options), rollouts(options, context))))
          .put(
              "length-difficulty",
              new Entry(
                  List.of("rollouts", "tokenizer", "minTokens", "minErrorRate", "minRollouts"),
                  (options, context) -> {
                    var limits = LengthDifficulty.Options.read(options);
                    Tokenizer tokenizer = context.tokenizer(options.requiredText("tokenizer"));
                    return new LengthDifficulty(
                        limits, rollouts(options, context), text -> tokenizer.encode(text).length);
                  }))
          .put(
              "distinct-traces",
              new Entry(
                  List.of("most", "minDistance", "compare", "shingle", "prefer"),
                  (options, context) -> new DistinctTraces(DistinctTraces.Options.read(options))))
          .put(
              "subdomain",
              new Entry(List.of("answers", "labels", "metadata", "fallback"), Steps::subdomain))
          .put(
              "normalise",
              new Entry(
                  List.of(
                      "prefixes",
                      "suffixes",
                      "maxPromptChars",
                      "maxPromptTokens",
                      "maxTraceChars",
                      "maxTraceTokens",
                      "tokenizer",
                      "keepWithoutTraces"),
                  Steps::normalise))
          .buildOrThrow();

  private Steps() {}

  /** The names of all steps. */
  public static ImmutableSet<String> names() {
    return ENTRIES.keySet();
  }

  /**
   * The options of a step, by name.
   *
   * @throws DataException naming an unknown step and its neighbour
   */
  public static ImmutableList<String> options(String name) {
    return ImmutableList.copyOf(entry(name).options());
  }

  /**
   * Makes a step.
   *
   * @param name one of {@link #names}
   * @param options by name, as the recipe writes them; what is left out has its default
   * @throws DataException naming an unknown step or option and its neighbour, an option of the
   *     wrong type or value, or a file that cannot be read
   */
  public static Step of(String name, ObjectNode options, Context context) {
    Entry entry = entry(name);
    StepOptions read = new StepOptions(name, options, entry.options());
    try {
      return entry.maker().make(read, context);
    } catch (DataException e) {
      String message = String.valueOf(e.getMessage());
      String place = "step " + name + ": ";
      throw message.startsWith(place) ? e : new DataException(place + message, e);
    }
  }

  /**
   * The files and folders that a step with these options reads, so that a change of them can be
   * noticed.
   *
   * @throws DataException as {@link #of}, as far as names go
   */
  public static List<Path> files(String name, ObjectNode options, Path base) {
    StepOptions read = new StepOptions(name, options, entry(name).options());
    ImmutableList.Builder<Path> files = ImmutableList.builder();
    for (String option : FILE_OPTIONS) {
      JsonNode value = options.get(option);
      if (value != null) {
        read.texts(option, List.of()).stream()
            .filter(file -> !file.equals(Context.BUILTIN))
            .forEach(file -> files.add(base.resolve(file)));
      }
    }
    return files.build();
  }

  private static MajorityLabel majorityLabel(StepOptions options, Context context) {
    var limits = MajorityLabel.Options.read(options);
    List<Path> files = paths(options.texts("rollouts", List.of()), context);
    return files.isEmpty()
        ? new MajorityLabel(limits)
        : new MajorityLabel(limits, Ballots.read(files, limits.requireBox()));
  }

  private static Subdomain subdomain(StepOptions options, Context context) {
    var chosen = Subdomain.Options.read(options);
    List<Path> files = paths(options.texts("answers", List.of()), context);
    return files.isEmpty()
        ? new Subdomain(chosen)
        : new Subdomain(chosen, SubdomainAnswers.read(files, chosen.labels()));
  }

  private static Normalise normalise(StepOptions options, Context context) {
    var limits = Normalise.Options.read(options);
    return options
        .text("tokenizer")
        .map(written -> new Normalise(limits, tokens(context.tokenizer(written))))
        .orElseGet(() -> new Normalise(limits));
  }

  private static ToIntFunction<String> tokens(Tokenizer tokenizer) {
    return text -> tokenizer.encode(text).length;
  }

  private static List<Path> paths(List<String> written, Context context) {
    return written.stream().map(context::path).toList();
  }

  private static Rollouts rollouts(StepOptions options, Context context) {
    return Rollouts.read(paths(options.requiredTexts("rollouts"), context));
  }

  private static Entry entry(String name) {
    Entry entry = ENTRIES.get(name);
    if (entry == null) {
      String hint =
          NearestName.of(name, names())
              .map(near -> "did you mean \"" + near + "\"?")
              .orElse("remove it");
      throw new DataException("unknown step \"" + name + "\"; known are " + names() + "; " + hint);
    }
    return entry;
  }
}
