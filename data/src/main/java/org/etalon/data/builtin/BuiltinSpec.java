package org.etalon.data.builtin;

import org.etalon.data.DataException;

/**
 * How many built-in problems to draw.
 *
 * @param set the families to draw from
 * @param seed of all choices; equal seeds give equal problems
 * @param sft problems with traces, for the spectrum phase
 * @param rl problems without traces, for the signal phase
 * @param probe problems of the probing sets, all subdomains together
 * @param test held-out problems
 * @param maxLevel hardest difficulty, 1 to 3; problems are spread evenly over the levels up to it
 * @param tracesPerProblem different solutions each sft problem carries, 1 to 3
 */
public record BuiltinSpec(
    BuiltinSet set,
    long seed,
    int sft,
    int rl,
    int probe,
    int test,
    int maxLevel,
    int tracesPerProblem) {
  public BuiltinSpec {
    notNegative("sft", sft);
    notNegative("rl", rl);
    notNegative("probe", probe);
    notNegative("test", test);
    range("maxLevel", maxLevel);
    range("tracesPerProblem", tracesPerProblem);
  }

  private static void notNegative(String field, int value) {
    if (value < 0) {
      throw new DataException(
          "number of built-in problems must be at least 0, got " + value + "; set " + field);
    }
  }

  private static void range(String field, int value) {
    if (value < 1 || value > 3) {
      throw new DataException(field + " must be 1, 2 or 3, got " + value);
    }
  }
}
