package org.etalon.data.grade;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.etalon.data.DataException;

/**
 * Elects the answer that most responses give, where answers that say the same count together.
 *
 * <p>Every answer is compared with the first of each class, the most frequent spelling first, then
 * the shorter one, then in alphabetical order; it joins the first class that it equals. So the
 * outcome does not depend on the order of the responses. Our choice: at most 64 classes; what
 * equals none of these is a ballot without a class.
 */
public final class MajorityVote {
  private static final int MOST_CLASSES = 64;

  /** Our choice: longer answers are compared as they stand. */
  private static final int MOST_COMPARED = 1000;

  private static final MathGrader GRADER = new MathGrader(true);

  private MajorityVote() {}

  /**
   * A class of answers.
   *
   * @param answer its most frequent spelling
   * @param votes responses that give it
   */
  public record Candidate(String answer, int votes) {}

  /**
   * The count.
   *
   * @param candidates by falling votes; of equal ones the more frequent, shorter, alphabetically
   *     first spelling leads
   * @param ballots all responses, those without an answer among them
   */
  public record Outcome(List<Candidate> candidates, int ballots) {
    public Outcome {
      candidates = ImmutableList.copyOf(candidates);
    }

    /** The candidate in front, alone or not; empty if no response gave an answer. */
    public Optional<Candidate> first() {
      return candidates.stream().findFirst();
    }

    /** Votes of the first candidate less those of the second; 0 is a tie. */
    public int lead() {
      int first = candidates.isEmpty() ? 0 : candidates.get(0).votes();
      return first - (candidates.size() < 2 ? 0 : candidates.get(1).votes());
    }

    /** Share of all ballots that the first candidate has; 0 without ballots. */
    public double share() {
      return candidates.isEmpty() ? 0 : (double) candidates.get(0).votes() / ballots;
    }
  }

  /**
   * Counts answers.
   *
   * @param answers each answer and how many responses spell it so
   * @param silent responses without an answer
   * @param same whether two answers say the same
   * @throws DataException if an answer is blank or a number is negative
   */
  public static Outcome count(
      Map<String, Integer> answers, int silent, BiPredicate<String, String> same) {
    int ballots = silent;
    List<Candidate> spellings = new ArrayList<>();
    for (Map.Entry<String, Integer> answer : answers.entrySet()) {
      if (answer.getKey().isBlank() || answer.getValue() < 1 || silent < 0) {
        throw new DataException(
            "a vote must have an answer and a count, got \""
                + answer.getKey()
                + "\" "
                + answer.getValue()
                + " times; count blank answers as silent");
      }
      ballots += answer.getValue();
      spellings.add(new Candidate(answer.getKey(), answer.getValue()));
    }
    spellings.sort(
        Comparator.comparingInt((Candidate c) -> -c.votes())
            .thenComparingInt(c -> c.answer().length())
            .thenComparing(Candidate::answer));
    List<Candidate> classes = new ArrayList<>();
    for (Candidate spelling : spellings) {
      join(classes, spelling, same);
    }
    // The sort is stable, so that classes of equal votes stay in the order of their spellings.
    classes.sort(Comparator.comparingInt(c -> -c.votes()));
    return new Outcome(classes, ballots);
  }

  private static void join(
      List<Candidate> classes, Candidate spelling, BiPredicate<String, String> same) {
    for (int i = 0; i < classes.size(); i++) {
      Candidate one = classes.get(i);
      if (same.test(one.answer(), spelling.answer())) {
        classes.set(i, new Candidate(one.answer(), one.votes() + spelling.votes()));
        return;
      }
    }
    if (classes.size() < MOST_CLASSES) {
      classes.add(spelling);
    }
  }

  /**
   * Counts the answers of responses to a mathematical problem, by the grader's equivalence.
   *
   * @param requireBoxed whether only a closed {@code \boxed{…}} is an answer
   */
  public static Outcome ofMath(List<String> responses, boolean requireBoxed) {
    MathGrader reader = new MathGrader(requireBoxed);
    Map<String, Integer> answers = new TreeMap<>();
    int silent = 0;
    for (String response : responses) {
      String answer = reader.answer(response).map(String::strip).orElse("");
      if (answer.isEmpty()) {
        silent++;
      } else {
        answers.merge(answer, 1, Integer::sum);
      }
    }
    return count(answers, silent, MajorityVote::sameMath);
  }

  /** Whether the math grader takes either answer for the other; neither may be blank. */
  public static boolean sameMath(String a, String b) {
    if (a.equals(b)) {
      return true;
    }
    return a.length() <= MOST_COMPARED
        && b.length() <= MOST_COMPARED
        && (GRADER.grade(a, boxed(b)).correct() || GRADER.grade(b, boxed(a)).correct());
  }

  private static String boxed(String answer) {
    return "\\boxed{" + answer + "}";
  }
}
