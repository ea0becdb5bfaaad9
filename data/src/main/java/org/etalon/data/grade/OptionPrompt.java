package org.etalon.data.grade;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etalon.data.DataException;

/**
 * A prompt that lists its options, taken apart.
 *
 * @param prefix what stands before the first option's label
 * @param labels each option's label with the blank behind it, e.g. {@code "A. "}
 * @param texts what each option says, A first
 * @param gaps what stands between an option and the next label; one less than there are options
 * @param suffix what stands behind the last option
 */
public record OptionPrompt(
    String prefix,
    ImmutableList<String> labels,
    ImmutableList<String> texts,
    ImmutableList<String> gaps,
    String suffix) {
  /** An option that points at others: its words are wrong in another order. */
  private static final Pattern POINTS =
      Pattern.compile(
          "(?i:\\b(?:of|the)\\s(?:the\\s)?(?:above|below|preceding|foregoing)\\b)"
              + "|(?i:\\b(?:options?|choices?|answers?))\\s\\(?[A-J]\\b"
              + "|(?<![A-Za-z0-9'])\\(?[A-J]\\)?(?:\\s?[,&]|\\s(?:and|or|nor))\\s?\\(?[A-J]\\)?"
              + "(?![A-Za-z0-9'])");

  /**
   * A prompt whose options have been moved.
   *
   * @param prompt the whole prompt
   * @param gold the letter of the right option
   * @param moved whether they were moved: where one points at others ("all of the above", "A and
   *     C") the order stays as it was
   */
  public record Shuffled(String prompt, char gold, boolean moved) {}

  /** The whole prompt again. */
  public String text() {
    return with(texts);
  }

  /** The options, given the letter of the right one. */
  public Options options(char gold) {
    index(gold);
    return new Options(texts, gold);
  }

  /**
   * The prompt with its options in an order that depends on seed, problem and the options
   * themselves, not on the order they come in: evaluation sets list the right one first.
   *
   * @throws DataException if there is no option of that letter
   */
  public Shuffled shuffled(char gold, String problemId, long seed) {
    int right = index(gold);
    if (texts.stream().anyMatch(option -> POINTS.matcher(option).find())) {
      return new Shuffled(text(), gold, false);
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparing(texts::get));
    long hash =
        Hashing.sha256().hashString(seed + ":" + problemId, StandardCharsets.UTF_8).asLong();
    Collections.shuffle(order, new Random(hash));
    String prompt = with(order.stream().map(texts::get).toList());
    return new Shuffled(prompt, (char) ('A' + order.indexOf(right)), true);
  }

  private int index(char gold) {
    if (gold < 'A' || gold - 'A' >= texts.size()) {
      throw new DataException(
          "expected the right option's letter from A to %s, got %s; correct the problem"
              .formatted((char) ('A' + texts.size() - 1), gold));
    }
    return gold - 'A';
  }

  private String with(List<String> said) {
    StringBuilder prompt = new StringBuilder(prefix);
    for (int i = 0; i < said.size(); i++) {
      prompt.append(labels.get(i)).append(said.get(i));
      prompt.append(i < gaps.size() ? gaps.get(i) : suffix);
    }
    return prompt.toString();
  }

  /** Where a label begins and ends, and of which letter and form it is. */
  private record Label(int begin, int end, char letter, String form) {}

  private static final Pattern LABEL =
      Pattern.compile("(?m)^[ \\t]*([(\\[]?)(\\**)([A-J])(\\**)([.):\\]])(\\**)(?=\\s)[ \\t]*");
  private static final Pattern BLANK_LINE = Pattern.compile("\r?\n[ \\t]*\r?\n");
  private static final Pattern LINE_END = Pattern.compile("\r?\n");

  /** Takes a prompt apart; see {@link Options#inPrompt}. */
  static OptionPrompt read(String prompt) {
    List<Label> labels = labels(prompt);
    if (labels.size() < 2) {
      throw new DataException(
          "expected options in the prompt, a line each with \"A.\", \"A)\" or \"(A)\" before it, found none; correct the prompt");
    }
    ImmutableList.Builder<String> shown = ImmutableList.builder();
    ImmutableList.Builder<String> texts = ImmutableList.builder();
    ImmutableList.Builder<String> gaps = ImmutableList.builder();
    TreeSet<Integer> paragraphs = new TreeSet<>();
    boolean lines = false;
    for (int i = 0; i + 1 < labels.size(); i++) {
      Label label = labels.get(i);
      String rest = prompt.substring(label.end, labels.get(i + 1).begin);
      String said = rest.stripTrailing();
      lines |= LINE_END.matcher(said).find();
      paragraphs.add(1 + (int) BLANK_LINE.matcher(said).results().count());
      shown.add(prompt.substring(label.begin, label.end));
      texts.add(said);
      gaps.add(rest.substring(said.length()));
    }
    Label last = labels.get(labels.size() - 1);
    String rest = prompt.substring(last.end);
    if (paragraphs.size() > 1) {
      throw new DataException(
          "cannot tell where the last option ends, since the others have from %d to %d paragraphs; put each option on one line"
              .formatted(paragraphs.first(), paragraphs.last()));
    }
    // Nothing marks the end of the last option: it is like the others.
    Pattern end = lines ? BLANK_LINE : LINE_END;
    String said = rest.substring(0, end(rest, end, paragraphs.first())).stripTrailing();
    shown.add(prompt.substring(last.begin, last.end));
    texts.add(said);
    return new OptionPrompt(
        prompt.substring(0, labels.get(0).begin),
        shown.build(),
        texts.build(),
        gaps.build(),
        rest.substring(said.length()));
  }

  /** Where that occurrence of a break is; the text's end if there are fewer. */
  private static int end(String text, Pattern pattern, int occurrence) {
    return pattern
        .matcher(text)
        .results()
        .skip(occurrence - 1L)
        .findFirst()
        .map(MatchResult::start)
        .orElse(text.length());
  }

  /** The longest list of labels A, B, C, … of one form; of two as long the later one. */
  private static List<Label> labels(String prompt) {
    List<Label> all = new ArrayList<>();
    Matcher found = LABEL.matcher(prompt);
    while (found.find()) {
      String form = found.group(1) + found.group(5);
      all.add(new Label(found.start(), found.end(), found.group(3).charAt(0), form));
    }
    List<Label> best = List.of();
    for (String form : all.stream().map(Label::form).distinct().toList()) {
      List<Label> run = new ArrayList<>();
      for (Label label : all) {
        if (!label.form.equals(form)) {
          continue;
        }
        if (label.letter == 'A') {
          run = new ArrayList<>();
        }
        if (label.letter == 'A' + run.size()) {
          run.add(label);
        }
        if (run.size() > best.size() || isLater(run, best)) {
          best = List.copyOf(run);
        }
      }
    }
    return best;
  }

  private static boolean isLater(List<Label> run, List<Label> best) {
    return !run.isEmpty() && run.size() == best.size() && run.get(0).begin > best.get(0).begin;
  }
}
