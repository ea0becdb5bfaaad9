package org.etalon.data.prepare.step;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.etalon.data.grade.MajorityVote;
import org.etalon.data.grade.OptionGrader;
import org.etalon.data.prepare.Step;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;

/**
 * Gives problems without a trusted answer the one that most responses agree on.
 *
 * <p>Paper: P3 §2.1, pseudo-labels by majority vote, without its numbers. Our choice: answers are
 * grouped by the math grader's equivalence, or by the option that they name; responses without a
 * closed box, cut ones and ties count against the majority. Programs and texts under rules have no
 * answer to vote on and pass.
 */
public final class MajorityLabel implements Step {
  private static final OptionGrader OPTIONS = new OptionGrader();
  private static final int SHOWN_CLASSES = 5;

  private final Options options;
  private final Ballots ballots;
  private final boolean fromTraces;

  /** What becomes of a problem whose trusted answer the majority contradicts. */
  public enum Disagreement {
    /** It keeps its answer, and a note says so. */
    KEEP,
    DROP,
    /** The majority's answer takes the place of its own. */
    REPLACE
  }

  /**
   * What makes a majority.
   *
   * @param requireBox whether only a closed {@code \boxed{…}} is an answer
   * @param minShare smallest share of all responses, 0 to 1
   * @param minVotes smallest number of responses
   * @param minLead smallest number of votes ahead of the second answer, at least 1: no ties
   * @param placeholders what stands in the place of an answer that is not known
   * @param disagreement what becomes of a problem whose own answer the majority contradicts
   */
  public record Options(
      boolean requireBox,
      double minShare,
      int minVotes,
      int minLead,
      List<String> placeholders,
      Disagreement disagreement) {
    /** Our choice: half of all responses, at least 3 of them. */
    public static final Options DEFAULT =
        new Options(true, 0.5, 3, 1, ImmutableList.of("?"), Disagreement.KEEP);

    public Options {
      Check.share("minShare", minShare);
      Check.atLeast("minVotes", 1, minVotes);
      Check.atLeast("minLead", 1, minLead);
      placeholders = ImmutableList.copyOf(placeholders);
    }

    static Options read(StepOptions from) {
      return new Options(
          from.flag("requireBox", DEFAULT.requireBox),
          from.number("minShare", DEFAULT.minShare),
          from.whole("minVotes", DEFAULT.minVotes),
          from.whole("minLead", DEFAULT.minLead),
          from.texts("placeholders", DEFAULT.placeholders),
          from.choice("disagreement", DEFAULT.disagreement));
    }
  }

  /** Lets the traces of each problem vote. */
  public MajorityLabel(Options options) {
    this(options, new Ballots(options.requireBox), true);
  }

  /** Lets other responses vote, by the ids of their problems. */
  public MajorityLabel(Options options, Ballots ballots) {
    this(options, ballots, false);
  }

  private MajorityLabel(Options options, Ballots ballots, boolean fromTraces) {
    this.options = options;
    this.ballots = ballots;
    this.fromTraces = fromTraces;
  }

  @Override
  public boolean isStateless() {
    return true;
  }

  @Override
  public Result apply(Problem problem) {
    if (problem.kind() != Kind.MATH && problem.kind() != Kind.OPTION) {
      return Result.kept(problem);
    }
    BiPredicate<String, String> same =
        problem.kind() == Kind.OPTION ? String::equals : MajorityVote::sameMath;
    MajorityVote.Outcome outcome = count(problem, same);
    boolean elected =
        outcome.lead() >= options.minLead
            && outcome.share() >= options.minShare
            && outcome.first().map(MajorityVote.Candidate::votes).orElse(0) >= options.minVotes;
    boolean unknown = options.placeholders.contains(problem.answer().strip());
    if (!elected) {
      return unknown
          ? Result.dropped(new Note("answer", "no majority", facts(outcome)))
          : Result.kept(problem);
    }
    String winner = outcome.first().orElseThrow().answer();
    if (unknown) {
      return relabelled(problem, winner, "labelled by majority", outcome);
    }
    if (same.test(problem.answer(), winner)) {
      return Result.kept(problem);
    }
    Map<String, String> facts = facts(outcome);
    facts.put("gold", problem.answer());
    Note note = new Note("answer", "the majority contradicts the gold answer", facts);
    return switch (options.disagreement) {
      case KEEP -> new Result(Optional.of(problem), List.of(note));
      case DROP -> Result.dropped(note);
      case REPLACE -> relabelled(problem, winner, "replaced by the majority's answer", outcome);
    };
  }

  private MajorityVote.Outcome count(Problem problem, BiPredicate<String, String> same) {
    Ballots.Votes votes = fromTraces ? ballots.of(problem.traces()) : ballots.of(problem.id());
    Map<String, Integer> answers = new TreeMap<>();
    int silent = votes.silent();
    for (Map.Entry<String, Integer> vote : votes.answers().entrySet()) {
      Optional<String> answer =
          problem.kind() == Kind.OPTION ? letter(vote.getKey()) : Optional.of(vote.getKey());
      if (answer.isEmpty() || options.placeholders.contains(answer.get())) {
        silent += vote.getValue();
      } else {
        answers.merge(answer.get(), vote.getValue(), Integer::sum);
      }
    }
    return MajorityVote.count(answers, silent, same);
  }

  private static Optional<String> letter(String answer) {
    return "ABCDEFGHIJ"
        .chars()
        .mapToObj(Character::toString)
        .filter(letter -> OPTIONS.grade(letter, "\\boxed{" + answer + "}").correct())
        .findFirst();
  }

  private static Result relabelled(
      Problem problem, String answer, String reason, MajorityVote.Outcome outcome) {
    Map<String, String> facts = facts(outcome);
    facts.put("was", problem.answer());
    return new Result(
        Optional.of(Relabel.withAnswer(problem, answer)),
        List.of(new Note("answer", reason, facts)));
  }

  /** The first classes with their votes, and how large the vote was. */
  private static Map<String, String> facts(MajorityVote.Outcome outcome) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("ballots", Integer.toString(outcome.ballots()));
    facts.put("share", String.format(Locale.ROOT, "%.3f", outcome.share()));
    outcome.candidates().stream()
        .limit(SHOWN_CLASSES)
        .forEach(one -> facts.put("votes for " + one.answer(), Integer.toString(one.votes())));
    return facts;
  }
}
