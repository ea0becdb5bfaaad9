package org.etalon.data.deduplicate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.decontaminate.WordHashes;
import org.etalon.data.problem.Problem;

/**
 * Finds problems whose prompts say nearly the same: whose sets of word shingles have a Jaccard
 * similarity of at least a threshold. Candidates come from MinHash signatures in bands (Broder
 * 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, §3.4) and are then compared by
 * their true sets; the first one stays.
 *
 * <p>Our choice: 20 bands of 5 hashes: a pair of similarity s becomes a candidate with probability
 * 1 − (1 − s⁵)²⁰, 0.9996 at 0.8 and 0.47 at 0.5. Of a prompt with more than 2,048 shingles the
 * 2,048 with the smallest hashes stand for the set. A band remembers at most 16 problems with the
 * same hashes, so that a thousand copies of a template do not make the search quadratic.
 *
 * <p>Memory: about 340 bytes a problem, 4 for each different shingle and the length of its id: 0.6
 * kB for a prompt of 60 words. It is the same on every run, whatever the number of threads.
 */
public final class NearDuplicates {
  private static final int BANDS = 20;
  private static final int ROWS = 5;
  private static final int HASHES = BANDS * ROWS;
  private static final int MOST_SHINGLES = 2048;
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final Options options;
  private final int[] factors = new int[HASHES];
  private final int[] addends = new int[HASHES];
  private final BandIndex bands = new BandIndex();
  private final Ids ids = new Ids();
  private final List<int[]> sets = new ArrayList<>();

  /**
   * What counts as nearly the same.
   *
   * @param threshold least Jaccard similarity, above 0.4 (below it, bands miss too many) to 1
   * @param shingle words in a shingle, at least 1
   */
  public record Options(double threshold, int shingle) {
    /** Our choice: 0.8 of shingles of 3 words: one word of twenty-five may differ. */
    public static final Options DEFAULT = new Options(0.8, 3);

    public Options {
      if (!(threshold > 0.4 && threshold <= 1)) {
        throw new DataException("threshold must be above 0.4 and at most 1, got " + threshold);
      }
      if (shingle < 1) {
        throw new DataException("shingle must have at least 1 word, got " + shingle);
      }
    }
  }

  /**
   * A problem that is nearly the same.
   *
   * @param id of the one that came before
   * @param similarity Jaccard, from the threshold to 1
   */
  public record Twin(String id, double similarity) {}

  /** A search that has seen no problem yet. */
  public NearDuplicates(Options options) {
    this.options = options;
    long state = 1;
    for (int i = 0; i < HASHES; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      factors[i] = (int) (state >>> 32) | 1;
      state = state * 6364136223846793005L + 1442695040888963407L;
      addends[i] = (int) (state >>> 32);
    }
  }

  /**
   * The most similar earlier problem that is similar enough, the first of equals; empty, and
   * remembered, if there is none. A prompt without words has no twin.
   */
  public Optional<Twin> twinOf(Problem problem) {
    int[] set = shingles(WordHashes.of(problem.prompt()));
    if (set.length == 0) {
      return Optional.empty();
    }
    long[] keys = bandKeys(signature(set));
    int best = -1;
    double similarity = 0;
    for (int candidate : bands.candidates(keys)) {
      double jaccard = jaccard(set, sets.get(candidate));
      if (jaccard > similarity || (jaccard == similarity && candidate < best)) {
        best = candidate;
        similarity = jaccard;
      }
    }
    if (best >= 0 && similarity >= options.threshold()) {
      return Optional.of(new Twin(ids.get(best), similarity));
    }
    sets.add(set);
    bands.add(keys, ids.add(problem.id()));
    return Optional.empty();
  }

  /** The different shingles in ascending order; a shorter text is one shingle. */
  private int[] shingles(long[] words) {
    int length = Math.min(options.shingle(), words.length);
    if (length == 0) {
      return new int[0];
    }
    int[] all = new int[words.length - length + 1];
    for (int i = 0; i < all.length; i++) {
      long hash = 0;
      for (int j = i; j < i + length; j++) {
        hash = (hash ^ words[j]) * FACTOR;
        hash ^= hash >>> 29;
      }
      all[i] = (int) (hash >>> 32);
    }
    Arrays.sort(all);
    int kept = 0;
    for (int i = 0; i < all.length && kept < MOST_SHINGLES; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[kept++] = all[i];
      }
    }
    return Arrays.copyOf(all, kept);
  }

  private int[] signature(int[] set) {
    int[] least = new int[HASHES];
    Arrays.fill(least, Integer.MAX_VALUE);
    for (int shingle : set) {
      for (int i = 0; i < HASHES; i++) {
        int hash = shingle * factors[i] + addends[i];
        hash = (hash ^ (hash >>> 15)) * 0x2C1B3C6D;
        least[i] = Math.min(least[i], hash ^ (hash >>> 12));
      }
    }
    return least;
  }

  private static long[] bandKeys(int[] signature) {
    long[] keys = new long[BANDS];
    for (int band = 0; band < BANDS; band++) {
      long key = band;
      for (int row = 0; row < ROWS; row++) {
        key = (key ^ signature[band * ROWS + row]) * FACTOR;
        key ^= key >>> 31;
      }
      keys[band] = key;
    }
    return keys;
  }

  /** Shared / all; of two cut sets, over the smallest hashes of both together. */
  static double jaccard(int[] a, int[] b) {
    int i = 0;
    int j = 0;
    int all = 0;
    int shared = 0;
    boolean cut = a.length == MOST_SHINGLES || b.length == MOST_SHINGLES;
    while ((i < a.length || j < b.length) && !(cut && all == MOST_SHINGLES)) {
      all++;
      if (j == b.length || (i < a.length && a[i] < b[j])) {
        i++;
      } else if (i == a.length || b[j] < a[i]) {
        j++;
      } else {
        shared++;
        i++;
        j++;
      }
    }
    return (double) shared / all;
  }
}
