package org.etalon.training.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.grade.MajorityVote;
import org.etalon.data.problem.Kind;
import org.etalon.training.statistics.Consensus;

/** Which responses to one problem give the same answer, by the grader that rewards them. */
final class AnswerClasses {
  private AnswerClasses() {}

  /** Whether answers of a kind can be compared with each other; programs cannot. */
  static boolean exist(Kind kind) {
    return kind == Kind.MATH || kind == Kind.OPTION;
  }

  /**
   * The class of each response, {@link Consensus#NONE} for one without an answer. An answer joins
   * the first class whose first answer it equals.
   */
  static int[] of(Kind kind, List<Sample.Outcome> samples) {
    Map<String, Integer> known = new HashMap<>();
    List<String> firsts = new ArrayList<>();
    int[] classes = new int[samples.size()];
    Arrays.fill(classes, Consensus.NONE);
    for (int i = 0; i < classes.length; i++) {
      String answer = samples.get(i).extracted();
      if (answer.isBlank()) {
        continue;
      }
      classes[i] =
          known.computeIfAbsent(
              answer,
              text -> {
                int found = kind == Kind.MATH ? find(text, firsts) : firsts.size();
                if (found == firsts.size()) {
                  firsts.add(text);
                }
                return found;
              });
    }
    return classes;
  }

  private static int find(String answer, List<String> firsts) {
    for (int c = 0; c < firsts.size(); c++) {
      if (MajorityVote.sameMath(firsts.get(c), answer)) {
        return c;
      }
    }
    return firsts.size();
  }
}
