package org.etalon.data.decontaminate;

import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
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

  /** {@code length} words of an evaluation text, from {@code start}. */
  private record Gram(int text, int start, int length) {}

  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final Options options;
  private final ToLongFunction<String> wordHash;
  private final List<String> evaluationIds = new ArrayList<>();
  private final List<List<String>> evaluationTexts = new ArrayList<>();
  private final Map<Long, List<Gram>> grams = new HashMap<>();

  Decontaminator(Options options, ToLongFunction<String> wordHash) {
    this.options = options;
    this.wordHash = wordHash;
  }

  /** A decontaminator that knows these evaluation problems. */
  public static Decontaminator against(Iterable<Problem> evaluation, Options options) {
    Decontaminator made =
        new Decontaminator(
            options, word -> Hashing.farmHashFingerprint64().hashUnencodedChars(word).asLong());
    evaluation.forEach(made::add);
    return made;
  }

  void add(Problem evaluation) {
    List<String> words = Words.of(evaluation.prompt());
    int text = evaluationTexts.size();
    evaluationTexts.add(words);
    evaluationIds.add(evaluation.id());
    int length = gramLength(words);
    long[] hashes = hashes(words, length);
    for (int start = 0; start < hashes.length; start++) {
      List<Gram> same = grams.computeIfAbsent(hashes[start], key -> new ArrayList<>(1));
      if (find(same, words, start, length).isEmpty()) {
        same.add(new Gram(text, start, length));
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
    List<String> words = Words.of(text);
    int length = gramLength(words);
    long[] hashes = hashes(words, length);
    for (int start = 0; start < hashes.length; start++) {
      List<Gram> same = grams.get(hashes[start]);
      if (same == null) {
        continue;
      }
      Optional<Gram> found = find(same, words, start, length);
      if (found.isPresent()) {
        String gram = String.join(" ", words.subList(start, start + length));
        return Optional.of(new Overlap(id, evaluationIds.get(found.get().text()), field, gram));
      }
    }
    return Optional.empty();
  }

  private Optional<Gram> find(List<Gram> candidates, List<String> words, int start, int length) {
    List<String> wanted = words.subList(start, start + length);
    return candidates.stream()
        .filter(
            gram ->
                evaluationTexts
                    .get(gram.text())
                    .subList(gram.start(), gram.start() + gram.length())
                    .equals(wanted))
        .findFirst();
  }

  private int gramLength(List<String> words) {
    return Math.min(words.size(), options.n());
  }

  /** Rolling hashes of all grams of one length; none if the text has no words. */
  private long[] hashes(List<String> words, int length) {
    if (length == 0) {
      return new long[0];
    }
    long leaving = 1;
    for (int i = 0; i < length; i++) {
      leaving *= FACTOR;
    }
    long[] hashes = new long[words.size() - length + 1];
    long[] word = words.stream().mapToLong(wordHash).toArray();
    long hash = 0;
    for (int i = 0; i < word.length; i++) {
      hash = hash * FACTOR + word[i];
      if (i >= length) {
        hash -= leaving * word[i - length];
      }
      if (i >= length - 1) {
        hashes[i - length + 1] = hash;
      }
    }
    return hashes;
  }
}
