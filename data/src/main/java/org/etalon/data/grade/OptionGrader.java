package org.etalon.data.grade;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.etalon.data.DataException;

/**
 * Grades multiple-choice answers: the gold answer is a letter, A to J.
 *
 * <p>The response's choice is what its last {@code \boxed{…}} names; without a box what its last
 * statement of an answer names ("the answer is (C)", "Answer: C", "option C is correct"), or a last
 * line that is a letter. What a reasoning model writes before {@code </think>} does not count if
 * anything follows. Our choice: a letter anywhere else is no answer, because every discussion of
 * the options is full of them, and so is a letter that goes on as a sentence ("A decrease in
 * pressure"); a statement that names two options is wrong.
 *
 * <p>The gold answer may go on with the options, a line each ({@link Options#answer()}). Then a
 * choice may also be given by an option's text, word for word but for case, blanks and formula
 * marks, if no other option has the same; a letter with another option's text is wrong.
 */
public final class OptionGrader implements Grader {
  private static final Pattern LETTER = Pattern.compile("[A-J]");
  private static final String END_OF_THINKING = "</think>";
  private static final int LAST_LINE_CHARS = 12;

  @Override
  public Verdict grade(String gold, String response) {
    int line = gold.strip().indexOf('\n');
    String first = line < 0 ? gold : gold.strip().substring(0, line);
    String wanted = first.strip().replaceAll("[().$]", "");
    if (!LETTER.matcher(wanted).matches()) {
      throw new DataException(
          "expected an option's letter from A to J as gold answer, got \""
              + first
              + "\"; correct the problem");
    }
    ImmutableList<String> texts =
        line < 0 ? ImmutableList.of() : Options.inPrompt(gold.strip().substring(line + 1)).texts();
    return grade(wanted.charAt(0), texts, response);
  }

  private static Verdict grade(char wanted, List<String> texts, String response) {
    int thought = response.lastIndexOf(END_OF_THINKING);
    String answer = thought < 0 ? response : response.substring(thought + END_OF_THINKING.length());
    String whole = answer.isBlank() ? response : answer;
    OptionReader reader = new OptionReader(texts);
    Optional<String> boxed = AnswerExtractor.boxed(whole);
    Optional<Character> choice =
        boxed.isPresent()
            ? reader.inBox(boxed.get())
            : OptionStatement.last(whole, reader).or(() -> lastLine(whole, reader));
    if (choice.isEmpty()) {
      return new Verdict(false, boxed.orElse(""), "no single option named");
    }
    boolean equal = choice.get() == wanted;
    return new Verdict(equal, choice.get().toString(), equal ? "the option" : "another option");
  }

  private static Optional<Character> lastLine(String response, OptionReader reader) {
    String text = response.strip();
    String line = text.substring(text.lastIndexOf('\n') + 1).strip();
    return line.length() <= LAST_LINE_CHARS ? reader.inSentence(line) : reader.byText(line);
  }
}
