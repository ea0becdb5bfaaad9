package org.etalon.data.prepare.step;

import org.etalon.data.decontaminate.WordHashes;
import org.etalon.data.problem.FingerprintTable.Fingerprint;

/**
 * A seeded 64-bit hash of a prompt's words as decontamination reads them: prompts that differ in
 * case, punctuation, symbols, blanks or LaTeX's spacing have one key.
 *
 * <p>Our choice: that puts problems with other signs into one split too often, which does no harm,
 * and copies never into two.
 */
final class PromptKey {
  private PromptKey() {}

  static long of(String prompt, long seed) {
    Fingerprint words = Fingerprint.of(WordHashes.of(prompt));
    return Fingerprint.of(new long[] {words.high(), words.low(), seed}).high();
  }
}
