package org.etalon.data.prepare.step;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.etalon.data.prepare.Step;
import org.etalon.data.problem.Problem;

/**
 * Labels problems with the part of the domain they belong to, for probing sets and specialists.
 *
 * <p>Paper: P1 §3.3 partitions the domain into N = 4 subdomains and does not say how. Our choice: a
 * model's own answer where there is one, else the name that the problem carries where that is known
 * ({@link SubdomainLabels}), else the weights of its words. Deterministic.
 */
public final class Subdomain implements Step {
  private final Options options;
  private final Optional<SubdomainAnswers> answers;

  /** What a problem is called that no rule speaks for. */
  public enum Fallback {
    /** Algebra: most are equations and arithmetic in plain words. */
    GUESS,
    /** {@code other}. */
    OTHER
  }

  /**
   * How problems are labelled.
   *
   * @param labels the set of subdomains
   * @param metadata whether the name a problem carries counts before the rules
   * @param fallback what a problem is called that no rule speaks for
   */
  public record Options(SubdomainLabels labels, boolean metadata, Fallback fallback) {
    /** The paper's four. */
    public static final Options DEFAULT = new Options(SubdomainLabels.PAPER, true, Fallback.GUESS);

    static Options read(StepOptions from) {
      return new Options(
          from.choice("labels", DEFAULT.labels),
          from.flag("metadata", DEFAULT.metadata),
          from.choice("fallback", DEFAULT.fallback));
    }
  }

  /** A label, and where it comes from. */
  record Labelled(String label, String by) {}

  /** Labels by names and rules. */
  public Subdomain(Options options) {
    this(options, Optional.empty());
  }

  /**
   * Labels by a model's answers first.
   *
   * @param answers with the same set of labels; no longer changed
   */
  public Subdomain(Options options, SubdomainAnswers answers) {
    this(options, Optional.of(answers));
  }

  private Subdomain(Options options, Optional<SubdomainAnswers> answers) {
    this.options = options;
    this.answers = answers;
  }

  @Override
  public boolean isStateless() {
    return true;
  }

  @Override
  public Result apply(Problem problem) {
    List<Note> notes = new ArrayList<>();
    Optional<String> said = answers.flatMap(model -> model.label(problem.id()));
    if (said.isEmpty() && answers.filter(model -> model.has(problem.id())).isPresent()) {
      notes.add(new Note("subdomain", "the model named no subdomain", Map.of()));
    }
    Labelled labelled =
        said.map(label -> new Labelled(label, "labelled by a model"))
            .orElseGet(() -> label(problem));
    if (labelled.label.equals(problem.subdomain())) {
      return new Result(Optional.of(problem), notes);
    }
    notes.add(
        new Note(
            "subdomain", labelled.by, Map.of("was", problem.subdomain(), "label", labelled.label)));
    return new Result(Optional.of(Relabel.withSubdomain(problem, labelled.label)), notes);
  }

  /** The label by name and rules. */
  Labelled label(Problem problem) {
    Set<Area> named = options.metadata ? SubdomainLabels.areas(problem.subdomain()) : Set.of();
    Map<String, Integer> weights = new LinkedHashMap<>();
    named.forEach(area -> weights.merge(options.labels.of(area), 0, Integer::sum));
    if (weights.size() == 1) {
      return new Labelled(weights.keySet().iterator().next(), "labelled by its name");
    }
    AreaRules.weigh(problem.prompt())
        .forEach(
            (area, weight) -> {
              if (named.isEmpty() || named.contains(area)) {
                weights.merge(options.labels.of(area), weight, Integer::sum);
              }
            });
    String best = null;
    for (Map.Entry<String, Integer> entry : weights.entrySet()) {
      best = best == null || entry.getValue() > weights.get(best) ? entry.getKey() : best;
    }
    if (best != null) {
      return new Labelled(best, named.isEmpty() ? "labelled by rules" : "labelled by its name");
    }
    return new Labelled(
        options.fallback == Fallback.OTHER
            ? SubdomainLabels.OTHER
            : options.labels.of(Area.ALGEBRA),
        "labelled without a rule");
  }
}
