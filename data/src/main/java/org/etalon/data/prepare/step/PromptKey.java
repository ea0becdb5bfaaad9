package org.etalon.data.prepare.step;

import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * A seeded 64-bit hash of a prompt's letters and digits: prompts that differ in case, punctuation,
 * symbols, blanks or LaTeX's spacing have one key.
 *
 * <p>Our choice: signs do not count either, as in decontamination (P1 §3.5). That puts problems
 * with other signs into one split too often, which does no harm, and copies never into two.
 */
final class PromptKey {
  private static final Pattern DRESS =
      Pattern.compile(
          "\\\\(?:q?quad|[,;:! ]|left|right|displaystyle|limits|text|mathrm)(?![a-zA-Z])");
  private static final Pattern FRACTION = Pattern.compile("\\\\[dtc]frac(?![a-zA-Z])");
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private PromptKey() {}

  static long of(String prompt, long seed) {
    String composed = Normalizer.normalize(prompt, Normalizer.Form.NFKC);
    String bare = DRESS.matcher(composed).replaceAll(" ");
    WordRow words = WordRow.of(FRACTION.matcher(bare).replaceAll("\\\\frac"));
    long key = WordRow.mix(seed + FACTOR);
    for (int i = 0; i < words.size(); i++) {
      if (words.isName(i)) {
        key = WordRow.mix(key * FACTOR + words.hash(i));
      }
    }
    return key;
  }
}
