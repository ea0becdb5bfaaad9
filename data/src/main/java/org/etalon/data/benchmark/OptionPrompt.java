package org.etalon.data.benchmark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etalon.data.grade.Options;
import org.etalon.data.problem.Problem;

/**
 * A multiple-choice question whose options stand in its prompt, a line each or more.
 *
 * @param question without the options
 * @param options what each says, A first
 */
record OptionPrompt(String question, List<String> options) {
  /** Reads a prompt, its last list of options; empty if it has none of two or more from A on. */
  static Optional<OptionPrompt> read(String prompt) {
    Deque<Integer> starts = new ArrayDeque<>();
    Matcher first = option('A').matcher(prompt);
    while (first.find()) {
      starts.push(first.start());
    }
    return starts.stream()
        .map(start -> new OptionPrompt(prompt.substring(0, start).strip(), list(prompt, start)))
        .filter(read -> read.options().size() > 1)
        .findFirst();
  }

  private static List<String> list(String prompt, int start) {
    List<String> options = new ArrayList<>();
    int from = start;
    for (char letter = 'A'; from < prompt.length(); letter++) {
      Matcher own = option(letter).matcher(prompt);
      own.find(from);
      Matcher next = option((char) (letter + 1)).matcher(prompt);
      int end = letter < 'J' && next.find(own.end()) ? next.start() : prompt.length();
      options.add(prompt.substring(own.end(), end).strip());
      from = end;
    }
    return options;
  }

  private static Pattern option(char letter) {
    return Pattern.compile("(?m)^\\(?" + letter + "[.)]\\s");
  }

  /**
   * The problem with its options in an order that depends on seed and id alone. A gold answer that
   * names none of them is left for the grader to refuse.
   */
  Problem shuffled(Problem problem, long seed) {
    String gold = problem.answer().replaceAll("[().\\s]", "");
    int right = gold.length() == 1 ? gold.charAt(0) - 'A' : -1;
    if (right < 0 || right >= options.size()) {
      return problem;
    }
    List<String> wrong = new ArrayList<>(options);
    wrong.remove(right);
    Options order = Options.shuffled(options.get(right), wrong, problem.id(), seed);
    StringBuilder prompt = new StringBuilder(question).append("\n");
    for (int i = 0; i < order.texts().size(); i++) {
      prompt.append('\n').append((char) ('A' + i)).append(". ").append(order.texts().get(i));
    }
    return new Problem(
        problem.id(),
        problem.subdomain(),
        prompt.toString(),
        String.valueOf(order.gold()),
        problem.traces(),
        problem.kind());
  }
}
