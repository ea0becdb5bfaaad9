package org.etalon.data.grade;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etalon.data.DataException;

/**
 * Grades multiple-choice answers: the gold answer is a letter, A to J.
 *
 * <p>The response's choice is the letter in its last {@code \boxed{…}}; without a box the letter
 * after its last "answer is" or "answer:", or a last line that is a letter. Our choice: a letter
 * anywhere else is no answer, because every discussion of the options is full of them, and a box
 * that names two options is wrong.
 */
public final class OptionGrader implements Grader {
  private static final Pattern LETTER = Pattern.compile("[A-J]");
  private static final Pattern CHOICE =
      Pattern.compile(
          "\\s{0,8}(?:\\\\(?:text|textbf|mathrm|mathbf)\\s?\\{)?\\s{0,8}(?:option|choice)?\\s{0,8}"
              + "[(\\[*$]{0,4}\\s{0,8}([A-J])(?![A-Za-z0-9'])\\s{0,8}[)\\]}*$]{0,4}(.*)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern PHRASE =
      Pattern.compile(
          "(?:answer|option|choice)\\s{0,8}(?:is|:)\\s{0,8}:?\\s{0,8}\\**",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern OTHER_LETTER =
      Pattern.compile("(?:^|[\\s(,;/&])(?:and|or)?\\s?\\(?[A-J]\\)?(?:$|[\\s),.;])");

  @Override
  public Verdict grade(String gold, String response) {
    String wanted = gold.strip().replaceAll("[().$]", "");
    if (!LETTER.matcher(wanted).matches()) {
      throw new DataException(
          "expected an option's letter from A to J as gold answer, got \""
              + gold
              + "\"; correct the problem");
    }
    Optional<String> boxed = AnswerExtractor.boxed(response);
    Optional<String> choice =
        boxed.isPresent() ? alone(boxed.get()) : afterPhrase(response).or(() -> lastLine(response));
    if (choice.isEmpty()) {
      return new Verdict(false, boxed.orElse(""), "no single option named");
    }
    boolean equal = choice.get().equals(wanted);
    return new Verdict(equal, choice.get(), equal ? "the option" : "another option");
  }

  /** The option of a text that names one and, at most, what it says. */
  private static Optional<String> alone(String text) {
    Matcher choice = CHOICE.matcher(text);
    if (!choice.matches() || OTHER_LETTER.matcher(choice.group(2)).find()) {
      return Optional.empty();
    }
    return Optional.of(choice.group(1).toUpperCase(Locale.ROOT));
  }

  private static Optional<String> afterPhrase(String response) {
    Matcher phrase = PHRASE.matcher(response);
    Optional<String> last = Optional.empty();
    while (phrase.find()) {
      String rest =
          response.substring(phrase.end(), Math.min(response.length(), phrase.end() + 80));
      Optional<String> named = alone(rest.split("\\R|\\.\\s", 2)[0]);
      last = named.isPresent() ? named : last;
    }
    return last;
  }

  private static Optional<String> lastLine(String response) {
    String text = response.strip();
    String line = text.substring(text.lastIndexOf('\n') + 1);
    return line.length() <= 12 ? alone(line) : Optional.empty();
  }
}
