package org.etalon.data.benchmark;

import com.google.common.base.Ascii;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is asked besides the question itself.
 *
 * <p>Source: the prompts in the released evaluation program's files and its guide for LiveCodeBench
 * (github.com/WeiboAI/VibeThinker, eval). A model answers another question when it is asked in
 * other words, so these are part of what the paper's numbers mean.
 */
public enum Wording {
  /** The prompt as the file has it. */
  NONE(""),
  /** Mathematics: a final answer in a box. */
  BOX(" Let's think step by step and output the final answer within \\boxed{}."),
  /** Multiple choice: a letter in a box. */
  CHOICE(
      "\n\nPlease reason step-by-step and put your choice letter without any other text with"
          + " \\boxed{} in the end."),
  /** A program in a fenced block; {@link CodePrompt}. */
  PROGRAM("");

  private final String after;

  Wording(String after) {
    this.after = after;
  }

  /** The name that files use, e.g. {@code box}. */
  public String label() {
    return Ascii.toLowerCase(name());
  }

  /** The wording of that label; empty if there is none. */
  public static Optional<Wording> of(String label) {
    return Arrays.stream(values()).filter(wording -> wording.label().equals(label)).findFirst();
  }

  /** The question of a prompt that ends in this wording; any other as it is. */
  String without(String prompt) {
    String text = prompt.strip();
    String end = after.strip();
    return !end.isEmpty() && text.endsWith(end) && text.length() > end.length()
        ? text.substring(0, text.length() - end.length()).strip()
        : prompt;
  }

  /** The prompt for a question; one that asks so already is left as it is. */
  String asked(String question) {
    return switch (this) {
      case NONE -> question;
      case PROGRAM -> CodePrompt.of(question);
      case BOX, CHOICE -> question.endsWith(after.strip()) ? question : question.strip() + after;
    };
  }
}
