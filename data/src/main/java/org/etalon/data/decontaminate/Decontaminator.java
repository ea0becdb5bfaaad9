package org.etalon.data.decontaminate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;

/**
 * Finds training problems that share n consecutive words with an evaluation problem.
 *
 * <p>Paper: §3.5, 10-gram matching on normalised text, for SFT and RL data alike. The paper does
 * not name the unit of the gram; Our choice: words. A text of fewer than n words is compared as a
 * whole: it overlaps with an equal text only. Grams are looked up by a 64-bit hash and then
 * compared word by word, so a collision never drops a problem.
 */
public final class Decontaminator {
  /**
   * What is compared.
   *
   * @param n words in a gram, at least 1
   * @param traces whether the training problems' traces are checked besides their prompts
   */
  public record Options(int n, boolean traces) {
    /** The paper's: 10-grams of the problem text. */
    public static final Options PAPER = new Options(10, false);

    public Options {
      if (n < 1) {
        throw new DataException("grams must have at least 1 word, got " + n + "; the paper has 10");
      }
    }
  }

  /**
   * Why a training problem was dropped.
   *
   * @param trainingId the dropped problem
   * @param evaluationId the evaluation problem it overlaps with; the first one if several do
   * @param field {@code prompt} or {@code traces[i]} of the training problem
   * @param gram the words both share, normalised
   */
  public record Overlap(String trainingId, String evaluationId, String field, String gram) {}

  /** What is left, and what was dropped and why, both in input order. */
  public record Report(List<Problem> kept, List<Overlap> dropped) {
    public Report {
      kept = List.copyOf(kept);
      dropped = List.copyOf(dropped);
    }
  }

  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final Options options;
  private final long hashBits;
  private final List<String> evaluationIds = new ArrayList<>();
  private final List<List<String>> evaluationTexts = new ArrayList<>();
  private final GramIndex grams = new GramIndex();

  /**
   * @param hashBits the bits of a hash that count; all but in tests of collisions
   */
  Decontaminator(Options options, long hashBits) {
    this.options = options;
    this.hashBits = hashBits;
  }

  /** A decontaminator that knows these evaluation problems; safe for several threads. */
  public static Decontaminator against(Iterable<Problem> evaluation, Options options) {
    Decontaminator made = new Decontaminator(options, -1);
    evaluation.forEach(made::add);
    return made;
  }

  void add(Problem evaluation) {
    List<String> words = Words.of(evaluation.prompt());
    int text = evaluationTexts.size();
    evaluationTexts.add(words);
    evaluationIds.add(evaluation.id());
    int length = gramLength(words.size());
    long[] hashes = grams(WordHashes.of(evaluation.prompt()), length);
    for (int start = 0; start < hashes.length; start++) {
      if (find(hashes[start], words, start, length) < 0) {
        grams.add(hashes[start], text, start, length);
      }
    }
  }

  /** Checks many problems at once. */
  public Report filter(Iterable<Problem> training) {
    List<Problem> kept = new ArrayList<>();
    List<Overlap> dropped = new ArrayList<>();
    for (Problem problem : training) {
      Optional<Overlap> overlap = check(problem);
      overlap.ifPresentOrElse(dropped::add, () -> kept.add(problem));
    }
    return new Report(kept, dropped);
  }

  /** The first overlap of one training problem; empty if it is clean. */
  public Optional<Overlap> check(Problem training) {
    Optional<Overlap> overlap = check(training.id(), "prompt", training.prompt());
    if (options.traces()) {
      for (int i = 0; i < training.traces().size() && overlap.isEmpty(); i++) {
        overlap = check(training.id(), "traces[" + i + "]", training.traces().get(i));
      }
    }
    return overlap;
  }

  private Optional<Overlap> check(String id, String field, String text) {
    long[] wordHashes = WordHashes.of(text);
    int length = gramLength(wordHashes.length);
    long[] hashes = grams(wordHashes, length);
    List<String> words = List.of();
    for (int start = 0; start < hashes.length; start++) {
      if (grams.first(hashes[start]) < 0) {
        continue;
      }
      words = words.isEmpty() ? Words.of(text) : words;
      int found = find(hashes[start], words, start, length);
      if (found >= 0) {
        String gram = String.join(" ", words.subList(start, start + length));
        return Optional.of(new Overlap(id, evaluationIds.get(grams.text(found)), field, gram));
      }
    }
    return Optional.empty();
  }

  /** The gram of that hash and those very words, or −1. */
  private int find(long hash, List<String> words, int start, int length) {
    List<String> wanted = words.subList(start, start + length);
    int gram = grams.first(hash);
    while (gram >= 0) {
      int from = grams.start(gram);
      List<String> text = evaluationTexts.get(grams.text(gram));
      if (text.subList(from, from + grams.length(gram)).equals(wanted)) {
        return gram;
      }
      gram = grams.next(gram);
    }
    return -1;
  }

  private int gramLength(int words) {
    return Math.min(words, options.n());
  }

  /** Rolling hashes of all grams of one length; none if the text has no words. */
  private long[] grams(long[] word, int length) {
    if (length == 0) {
      return new long[0];
    }
    long leaving = 1;
    for (int i = 0; i < length; i++) {
      leaving *= FACTOR;
    }
    long[] hashes = new long[word.length - length + 1];
    long hash = 0;
    for (int i = 0; i < word.length; i++) {
      hash = hash * FACTOR + word[i];
      if (i >= length) {
        hash -= leaving * word[i - length];
      }
      if (i >= length - 1) {
        hashes[i - length + 1] = (hash ^ (hash >>> 29)) & hashBits;
      }
    }
    return hashes;
  }
}
