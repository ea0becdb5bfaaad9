package org.etalon.data.source;

import java.util.Optional;

/** The last {@code \boxed{…}} of a written solution. */
final class Boxed {
  private Boxed() {}

  /** What the last box holds; empty if there is none or it does not close. */
  static Optional<String> last(String solution) {
    int box = Math.max(solution.lastIndexOf("\\boxed"), solution.lastIndexOf("\\fbox"));
    if (box < 0) {
      return Optional.empty();
    }
    int at = box + (solution.startsWith("\\boxed", box) ? 6 : 5);
    while (at < solution.length() && solution.charAt(at) == ' ') {
      at++;
    }
    if (at >= solution.length()) {
      return Optional.empty();
    }
    if (solution.charAt(at) != '{') {
      // MATH writes some single characters without braces: \boxed 7.
      return Optional.of(solution.substring(at, at + 1)).filter(one -> one.matches("[\\w]"));
    }
    int depth = 0;
    for (int i = at; i < solution.length(); i++) {
      char c = solution.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        String answer = solution.substring(at + 1, i).strip();
        return answer.isEmpty() ? Optional.empty() : Optional.of(answer);
      }
    }
    return Optional.empty();
  }
}
