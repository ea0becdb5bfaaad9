package org.etalon.training.config;

/** The checks that the sampling keys of several stages share. */
final class Sampling {
  private Sampling() {}

  static void check(String section, double temperature, double topP, int topK, int slots) {
    Check.within(section + ".temperature", "sampling temperature", temperature, 0, 100);
    Check.aboveWithin(section + ".topP", "nucleus mass", topP, 0, 1);
    Check.atLeast(section + ".topK", "candidates kept (0 keeps all)", topK, 0);
    Check.atLeast(section + ".slots", "responses decoded side by side", slots, 1);
  }

  static void checkPassAtK(String section, int samples, int k) {
    Check.atLeast(section + ".samples", "responses per problem", samples, 1);
    Check.atLeast(section + ".k", "K of Pass@K", k, 1);
    Check.that(
        k <= samples,
        section + ".k",
        "K of Pass@K must be at most the " + samples + " responses per problem, got " + k);
  }
}
