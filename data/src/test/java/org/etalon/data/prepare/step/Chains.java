package org.etalon.data.prepare.step;

import java.util.Locale;
import java.util.Random;

/** Long chains of thought as models write them, made from numbers: right ones and looping ones. */
final class Chains {
  private Chains() {}

  /** A search through cases: the same sentences with other numbers. */
  static String cases(int count) {
    StringBuilder text = new StringBuilder("<think>\nOkay, let me try the values one by one.\n\n");
    for (int n = 1; n <= count; n++) {
      text.append(
          "For n = %d: n^2 + n + 1 = %d. Is that divisible by 7? %d mod 7 = %d, so %s.\n"
              .formatted(
                  n,
                  n * n + n + 1,
                  n * n + n + 1,
                  (n * n + n + 1) % 7,
                  (n * n + n + 1) % 7 == 0 ? "yes" : "no"));
    }
    return text + "</think>\nThe answer is \\boxed{" + count + "}.";
  }

  /** A long division, digit by digit. */
  static String longDivision(int a, int b, int digits) {
    StringBuilder text = new StringBuilder("Let us divide " + a + " by " + b + ".\n");
    int rest = a;
    for (int i = 0; i < digits; i++) {
      text.append(
          "Bring down a 0: %d. %d goes into %d exactly %d times, %d*%d=%d, remainder %d.\n"
              .formatted(
                  rest * 10,
                  b,
                  rest * 10,
                  rest * 10 / b,
                  b,
                  rest * 10 / b,
                  rest * 10 / b * b,
                  rest * 10 % b));
      rest = rest * 10 % b;
    }
    return text + "\\boxed{done}";
  }

  /** Thinking that says its solution, doubts it, checks it and says it once more. */
  static String doubts(Random random, int steps) {
    StringBuilder solution = new StringBuilder();
    int value = 3;
    for (int i = 0; i < steps; i++) {
      int factor = 2 + random.nextInt(97);
      solution.append(
          String.format(
              Locale.ROOT,
              "Multiplying %d by %d and subtracting %d gives %d. ",
              value,
              factor,
              i,
              value * factor % 9973));
      value = value * factor % 9973;
    }
    return "<think>\n"
        + solution
        + "\n\nWait, let me double-check that.\n\nHmm, yes, it seems right.\n</think>\n\n"
        + solution
        + "\n\\boxed{"
        + value
        + "}";
  }

  /** A matrix of zeros and ones, a table with its rule, and a sum of ones. */
  static String rows() {
    StringBuilder text = new StringBuilder("The matrix is \\begin{pmatrix}");
    for (int i = 0; i < 6; i++) {
      text.append("0 & 0 & 0 & 0 & 0 & ").append(i).append(" \\\\\n");
    }
    text.append("\\end{pmatrix}\n| n | f(n) | g(n) | h(n) |\n|---|---|---|---|\n");
    for (int n = 0; n < 20; n++) {
      text.append("| %d | %d | %d | %d |\n".formatted(n, n * n, n % 3, n * n * n % 11));
    }
    return text + "1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1 = 16\n" + "=".repeat(80) + "\n\\boxed{16}";
  }

  /** A passage said so often that the model cannot have meant it. */
  static String loop(String passage, int times) {
    return doubts(new Random(1), 20) + "\n" + (passage + "\n").repeat(times);
  }
}
