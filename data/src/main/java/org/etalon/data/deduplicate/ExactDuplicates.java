package org.etalon.data.deduplicate;

import java.util.Optional;
import org.etalon.data.decontaminate.WordHashes;
import org.etalon.data.problem.FingerprintTable;
import org.etalon.data.problem.FingerprintTable.Fingerprint;
import org.etalon.data.problem.Problem;

/**
 * Finds problems whose prompts have the same normalised words in the same order, as decontamination
 * reads them. A prompt without any word is compared by its text.
 *
 * <p>Our choice: answers are not compared. The same question with two answers is one question, and
 * one of the answers is wrong.
 *
 * <p>Memory: about 40 bytes a problem and the length of its id.
 */
public final class ExactDuplicates {
  private final FingerprintTable seen = new FingerprintTable();
  private final Ids ids = new Ids();

  /**
   * The id of the first problem that asks the same; empty, and remembered, if this is the first.
   */
  public Optional<String> firstOf(Problem problem) {
    long number = seen.putIfAbsent(fingerprint(problem), seen.size());
    if (number >= 0) {
      return Optional.of(ids.get((int) number));
    }
    ids.add(problem.id());
    return Optional.empty();
  }

  /** What equal questions share. */
  static Fingerprint fingerprint(Problem problem) {
    long[] words = WordHashes.of(problem.prompt());
    return words.length == 0
        ? Fingerprint.of("\0" + problem.prompt().strip())
        : Fingerprint.of(words);
  }
}
