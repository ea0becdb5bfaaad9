package org.etalon.data.grade.constraint;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.grade.Grader;
import org.etalon.data.grade.Verdict;

/**
 * Grades whether a response keeps rules of length, words, format and order (paper: P3 §2.4).
 *
 * <p>The gold answer is JSON in one of these layouts:
 *
 * <ul>
 *   <li>our own, {@code [{"rule": "count:words", "relation": "at most", "number": 50}, …]};
 *   <li>IFEval's, {@code {"instruction_id_list": […], "kwargs": [{…}, …]}};
 *   <li>IF-RLVR's, {@code [{"instruction_id": […], "kwargs": […]}]}, as JSON or as Python prints
 *       it;
 *   <li>Tulu 3's, {@code {"func_name": "verify_keywords", "keyword_list": […]}}.
 * </ul>
 *
 * <p>A response is right if it keeps all rules. Strict is the response as it stands, loose the
 * response or one of seven variants, without its first line, its last, both, and each without
 * asterisks (IFEval, arXiv 2311.07911, §2.2); a blank text keeps no rule.
 *
 * <p>Our choice: what a reasoning model writes before its last {@code </think>} is no part of the
 * response, and a response that opens {@code <think>} and never closes it is blank.
 */
public final class ConstraintGrader implements Grader {
  private static final String THINK = "<think>";
  private static final String END_OF_THINKING = "</think>";

  private final Mode mode;

  /** Which text must keep the rules. */
  public enum Mode {
    /** The response as it stands. */
    STRICT,
    /** The response or one of its variants, another for each rule if need be. */
    LOOSE
  }

  /** The strict grader, for reinforcement learning. */
  public ConstraintGrader() {
    this(Mode.STRICT);
  }

  /** A grader of that mode. */
  public ConstraintGrader(Mode mode) {
    this.mode = mode;
  }

  @Override
  public Verdict grade(String gold, String response) {
    ImmutableList<NamedRule> rules = rules(gold);
    List<String> texts = mode == Mode.STRICT ? List.of(answer(response)) : variants(response);
    for (NamedRule rule : rules) {
      if (!kept(rule, texts)) {
        return new Verdict(false, "", rule.name() + ": " + complaint(rule, texts.get(0)));
      }
    }
    return new Verdict(true, "", rules.size() == 1 ? "the rule is kept" : "all rules are kept");
  }

  /**
   * What becomes of each rule, in the order of the gold answer.
   *
   * @throws DataException if the gold answer is none
   */
  public List<RuleResult> results(String gold, String response) {
    return results(rules(gold), response);
  }

  static List<RuleResult> results(List<NamedRule> rules, String response) {
    List<String> texts = variants(response);
    List<RuleResult> results = new ArrayList<>();
    for (NamedRule rule : rules) {
      String complaint = complaint(rule, texts.get(0));
      boolean strict = complaint.isEmpty();
      results.add(new RuleResult(rule.name(), strict, strict || kept(rule, texts), complaint));
    }
    return List.copyOf(results);
  }

  private static ImmutableList<NamedRule> rules(String gold) {
    if (gold.isBlank()) {
      throw new DataException("the gold answer is blank; give every problem rules");
    }
    return RuleReader.read(gold);
  }

  private static boolean kept(NamedRule rule, List<String> texts) {
    return texts.stream().anyMatch(text -> complaint(rule, text).isEmpty());
  }

  /** Empty if the text keeps the rule. */
  private static String complaint(NamedRule rule, String text) {
    if (PythonText.isBlank(text)) {
      return "the response is blank";
    }
    Optional<String> complaint = rule.rule().complaint(text);
    return complaint.orElse("");
  }

  private static String answer(String response) {
    int end = response.lastIndexOf(END_OF_THINKING);
    if (end >= 0) {
      return PythonText.strip(response.substring(end + END_OF_THINKING.length()));
    }
    return PythonText.strip(response).startsWith(THINK) ? "" : response;
  }

  /** The response, then what is left of it without lines and asterisks. */
  private static List<String> variants(String response) {
    String whole = answer(response);
    int first = whole.indexOf('\n');
    int last = whole.lastIndexOf('\n');
    String noFirst = first < 0 ? "" : PythonText.strip(whole.substring(first + 1));
    String noLast = last < 0 ? "" : PythonText.strip(whole.substring(0, last));
    String neither = last <= first ? "" : PythonText.strip(whole.substring(first + 1, last));
    List<String> variants = new ArrayList<>(List.of(whole, noFirst, noLast, neither));
    for (String variant : List.copyOf(variants)) {
      variants.add(variant.replace("*", ""));
    }
    return variants;
  }
}
