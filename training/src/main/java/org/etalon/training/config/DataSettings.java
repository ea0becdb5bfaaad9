package org.etalon.training.config;

import org.etalon.data.builtin.BuiltinSet;

/**
 * Where problems come from. Each file is used in place of the built-in set of that name; an empty
 * path means the built-in one.
 *
 * @param builtin the seeded generator
 * @param sft file of problems with traces for the spectrum phase, or empty; JSONL, Parquet or JSON
 *     of any layout that {@link org.etalon.data.source.Layouts} knows, as every file here
 * @param rl file of problems for the signal phase, or empty
 * @param probe file of the probing sets, one per subdomain value, or empty
 * @param test file of held-out problems, or empty
 * @param decontaminate removal of training problems that resemble evaluation problems
 */
public record DataSettings(
    Builtin builtin,
    String sft,
    String rl,
    String probe,
    String test,
    Decontaminate decontaminate) {

  public DataSettings {
    if (!builtin.enabled()) {
      file("data.sft", sft);
      file("data.rl", rl);
      file("data.probe", probe);
      file("data.test", test);
    }
  }

  private static void file(String key, String path) {
    Check.that(
        !path.isBlank(),
        key,
        key + " must name a file of problems when data.builtin.enabled is false");
  }

  /**
   * The built-in problem generator.
   *
   * @param enabled whether sets without a file are generated
   * @param set the families to draw from
   * @param sft problems with traces for the spectrum phase
   * @param rl problems for the signal phase
   * @param probe problems over all probing sets
   * @param test held-out problems
   * @param maxLevel hardest difficulty level generated, from 1
   * @param tracesPerProblem different correct traces per spectrum-phase problem
   */
  public record Builtin(
      boolean enabled,
      BuiltinSet set,
      int sft,
      int rl,
      int probe,
      int test,
      int maxLevel,
      int tracesPerProblem) {
    public Builtin {
      Check.atLeast("data.builtin.sft", "built-in spectrum-phase problems", sft, 1);
      Check.atLeast("data.builtin.rl", "built-in signal-phase problems", rl, 1);
      Check.atLeast("data.builtin.probe", "built-in probing problems", probe, 1);
      Check.atLeast("data.builtin.test", "built-in held-out problems", test, 1);
      Check.atLeast("data.builtin.maxLevel", "hardest difficulty level", maxLevel, 1);
      Check.atLeast("data.builtin.tracesPerProblem", "traces per problem", tracesPerProblem, 1);
    }
  }

  /**
   * Decontamination. Paper: §3.5, 10-gram matching after normalising text.
   *
   * @param ngram length in words of a shared run of words that removes a training problem
   * @param checkTraces whether traces are searched too, not only prompts
   */
  public record Decontaminate(int ngram, boolean checkTraces) {
    public Decontaminate {
      Check.atLeast("data.decontaminate.ngram", "n-gram length in words", ngram, 1);
    }
  }
}
