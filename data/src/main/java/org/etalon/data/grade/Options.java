package org.etalon.data.grade;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.etalon.data.DataException;

/**
 * The options of a multiple-choice question in the order they are shown.
 *
 * @param texts what each option says, A first
 * @param gold the letter of the right one
 */
public record Options(ImmutableList<String> texts, char gold) {
  private static final int MOST = 10;

  /**
   * Puts the right option among the wrong ones in an order that depends on seed and problem alone,
   * so that a model cannot learn where right answers stand.
   *
   * @throws DataException if there are fewer than two options, more than ten, or two alike
   */
  public static Options shuffled(String right, List<String> wrong, String problemId, long seed) {
    List<String> all = new ArrayList<>(wrong);
    all.add(right);
    if (all.size() < 2 || all.size() > MOST || all.stream().distinct().count() < all.size()) {
      throw new DataException(
          "problem %s: expected 2 to %d different options, got %s; correct the problem"
              .formatted(problemId, MOST, all));
    }
    // In a fixed order first: the order in which a file lists them must not matter.
    Collections.sort(all);
    long hash =
        Hashing.sha256().hashString(seed + ":" + problemId, StandardCharsets.UTF_8).asLong();
    Collections.shuffle(all, new Random(hash));
    return new Options(ImmutableList.copyOf(all), (char) ('A' + all.indexOf(right)));
  }

  /** One option a line, e.g. {@code (A) 7}. */
  public String shown() {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      shown.append(i == 0 ? "" : "\n").append('(').append((char) ('A' + i)).append(") ");
      shown.append(texts.get(i));
    }
    return shown.toString();
  }

  /**
   * Reads the options that a prompt lists: one after another, each at the beginning of a line with
   * {@code A.}, {@code A)}, {@code A:}, {@code (A)} or {@code [A]} before it, the last such list.
   *
   * <p>An option may go on over lines. The last one ends with its line if each of the others is one
   * line, else behind as many paragraphs as they have.
   *
   * @throws DataException if there are none, or the others differ in paragraphs
   */
  public static OptionPrompt inPrompt(String prompt) {
    return OptionPrompt.read(prompt);
  }

  /** A gold answer for {@link OptionGrader} that says what the options are. */
  public String answer() {
    return gold + "\n" + shown();
  }
}
