package org.etalon.data.source;

import com.google.common.collect.ImmutableList;

/**
 * Takes off the fixed instructions that published files put around every question. The wording is
 * the business of whoever asks the model; left in place it would also be a run of words that
 * training and evaluation problems share.
 */
final class Instructions {
  private static final ImmutableList<String> BEFORE =
      ImmutableList.of(
          // DAPO-Math-17k.
          "Solve the following math problem step by step. The last line of your response should be"
              + " of the form Answer: $Answer (without quotes) where $Answer is the answer to the"
              + " problem.",
          "Please reason step by step, and put your final answer within \\boxed{}.");

  private static final ImmutableList<String> AFTER =
      ImmutableList.of(
          "Remember to put your answer on its own line after \"Answer:\".",
          // VibeThinker's evaluation files.
          "Let's think step by step and output the final answer within \\boxed{}.",
          "Please reason step by step, and put your final answer within \\boxed{}.");

  private Instructions() {}

  /** The question alone. */
  static String stripped(String prompt) {
    String question = prompt.strip();
    for (String text : BEFORE) {
      if (question.startsWith(text)) {
        question = question.substring(text.length()).strip();
      }
    }
    for (String text : AFTER) {
      if (question.endsWith(text)) {
        question = question.substring(0, question.length() - text.length()).strip();
      }
    }
    return question.isEmpty() ? prompt : question;
  }
}
