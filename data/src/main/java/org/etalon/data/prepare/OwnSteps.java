package org.etalon.data.prepare;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.etalon.data.DataException;
import org.etalon.data.decontaminate.Decontaminator;
import org.etalon.data.deduplicate.ExactDuplicates;
import org.etalon.data.deduplicate.NearDuplicates;
import org.etalon.data.deduplicate.RichestDuplicates;
import org.etalon.data.prepare.Recipe.StepSpec;
import org.etalon.data.problem.Problem;
import org.etalon.data.source.Layouts;
import org.etalon.data.source.ProblemSource;

/**
 * Decontamination and the removal of duplicates as steps.
 *
 * <p>{@code decontaminate: {against: [FILE…], layout: auto, ngram: 10, traces: false}}, {@code
 * exact-duplicates: {keep: first | most-traces}}, {@code near-duplicates: {threshold: 0.8, shingle:
 * 3}}.
 *
 * @param base the folder that relative paths start from
 */
public record OwnSteps(Path base) implements StepCatalog {
  private static final String DECONTAMINATE = "decontaminate";
  private static final String EXACT = "exact-duplicates";
  private static final String NEAR = "near-duplicates";

  @Override
  public Set<String> names() {
    return ImmutableSet.of(DECONTAMINATE, EXACT, NEAR);
  }

  @Override
  public Step make(StepSpec step) {
    Section options = options(step);
    return switch (step.name()) {
      case DECONTAMINATE -> decontaminate(options);
      case EXACT -> {
        options.allow("keep");
        options.choice("keep", List.of("first", "most-traces"));
        var search = new ExactDuplicates();
        yield problem -> exact(problem, search.firstOf(problem));
      }
      case NEAR -> {
        options.allow("threshold", "shingle");
        NearDuplicates.Options defaults = NearDuplicates.Options.DEFAULT;
        var search =
            new NearDuplicates(
                new NearDuplicates.Options(
                    options.number("threshold", 0, 1, defaults.threshold()),
                    (int) Math.min(1000, options.whole("shingle", 1, defaults.shingle()))));
        yield problem -> near(problem, search);
      }
      default -> throw new IllegalArgumentException(step.name());
    };
  }

  @Override
  public Optional<Survey> survey(StepSpec step) {
    boolean richest =
        step.name().equals(EXACT) && options(step).text("keep").orElse("").equals("most-traces");
    return richest ? Optional.of(new RichestSurvey(new RichestDuplicates())) : Optional.empty();
  }

  @Override
  public List<Path> files(StepSpec step) {
    return step.name().equals(DECONTAMINATE)
        ? InputFiles.find(options(step).texts("against"), base, step.place())
        : List.of();
  }

  private Step decontaminate(Section options) {
    options.allow("against", "layout", "ngram", "traces");
    List<Problem> evaluation = new ArrayList<>();
    for (Path file : InputFiles.find(options.texts("against"), base, options.at("against"))) {
      String layout = options.text("layout").orElse(Layouts.AUTO);
      // The order of options does not change which words are shared.
      for (Problem p : ProblemSource.readAll(file, Layouts.named(layout, 0))) {
        String id = file.getFileName() + "#" + p.id();
        evaluation.add(new Problem(id, p.subdomain(), p.prompt(), p.answer(), List.of(), p.kind()));
      }
    }
    int ngram = Math.toIntExact(Math.min(Integer.MAX_VALUE, options.whole("ngram", 1, 10)));
    return new DecontaminateStep(
        Decontaminator.against(
            evaluation, new Decontaminator.Options(ngram, options.flag("traces", false))));
  }

  private static Step.Result exact(Problem problem, Optional<String> twin) {
    return twin.map(
            id ->
                Step.Result.dropped(
                    new Step.Note("prompt", "asked already", ImmutableMap.of("twin", id))))
        .orElseGet(() -> Step.Result.kept(problem));
  }

  private static Step.Result near(Problem problem, NearDuplicates search) {
    return search
        .twinOf(problem)
        .map(
            twin ->
                Step.Result.dropped(
                    new Step.Note(
                        "prompt",
                        "asked nearly so already",
                        ImmutableMap.of(
                            "twin", twin.id(), "similarity", "%.3f".formatted(twin.similarity())))))
        .orElseGet(() -> Step.Result.kept(problem));
  }

  private static Section options(StepSpec step) {
    return new Section(step.name(), step.options(), key -> step.place());
  }

  private record RichestSurvey(RichestDuplicates search) implements Survey {
    @Override
    public void look(Problem problem) {
      search.look(problem);
    }

    @Override
    public Step step() {
      return new Step() {
        private long position;

        @Override
        public Result apply(Problem problem) {
          return exact(problem, search.stayingInsteadOf(problem, position++));
        }
      };
    }
  }

  /** Several catalogs as one. */
  public static StepCatalog together(List<StepCatalog> catalogs) {
    return new Together(ImmutableList.copyOf(catalogs));
  }

  private record Together(List<StepCatalog> all) implements StepCatalog {
    @Override
    public Set<String> names() {
      return all.stream()
          .flatMap(catalog -> catalog.names().stream())
          .collect(ImmutableSet.toImmutableSet());
    }

    @Override
    public Step make(StepSpec step) {
      return of(step).make(step);
    }

    @Override
    public Optional<Survey> survey(StepSpec step) {
      return of(step).survey(step);
    }

    @Override
    public List<Path> files(StepSpec step) {
      return of(step).files(step);
    }

    private StepCatalog of(StepSpec step) {
      return all.stream()
          .filter(catalog -> catalog.names().contains(step.name()))
          .findFirst()
          .orElseThrow(() -> unknown(step));
    }

    private DataException unknown(StepSpec step) {
      String near =
          org.etalon.data.NearestName.of(step.name(), names())
              .map(name -> "; did you mean " + name + "?")
              .orElse("; remove it");
      return new DataException(
          "%s: unknown step %s; known are %s%s"
              .formatted(step.place(), step.name(), names(), near));
    }
  }
}
