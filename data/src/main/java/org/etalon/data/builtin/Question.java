package org.etalon.data.builtin;

import com.google.common.collect.ImmutableList;
import java.util.HashSet;
import java.util.List;

/**
 * A posed problem: its wordings, its answer and the teacher's solutions.
 *
 * @param prompts at least two wordings of the same question
 * @param answer an integer or a reduced fraction {@code a/b}
 * @param traces at least three different solutions, each ending in the boxed answer
 */
record Question(List<String> prompts, String answer, List<String> traces) {
  Question {
    prompts = ImmutableList.copyOf(prompts);
    traces = ImmutableList.copyOf(traces);
    if (prompts.size() < 2 || traces.size() < 3) {
      throw new IllegalArgumentException(
          "a question needs 2 wordings and 3 solutions, got " + prompts + " and " + traces);
    }
    if (new HashSet<>(traces).size() < traces.size()) {
      throw new IllegalArgumentException("two solutions are the same: " + traces);
    }
    for (String trace : traces) {
      if (!trace.endsWith("\n" + boxed(answer))) {
        throw new IllegalArgumentException(
            prompts.get(0) + " has the answer " + answer + ", but a solution says\n" + trace);
      }
    }
  }

  /** A question whose answer is a whole number. */
  static Question of(int answer, List<String> prompts, String... traces) {
    return new Question(prompts, Integer.toString(answer), ImmutableList.copyOf(traces));
  }

  /** A question whose answer may be a fraction. */
  static Question of(Ratio answer, List<String> prompts, String... traces) {
    return new Question(prompts, answer.toString(), ImmutableList.copyOf(traces));
  }

  /** The form in which every solution gives its answer. */
  static String boxed(String answer) {
    return "\\boxed{" + answer + "}";
  }
}
