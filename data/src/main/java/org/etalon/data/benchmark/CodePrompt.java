package org.etalon.data.benchmark;

/**
 * LiveCodeBench's generic prompt, which the paper's evaluation takes as one user message: the role,
 * the question, and either its starter code or the request to read standard input.
 *
 * <p>Source: lcb_runner/prompts/code_generation.py (github.com/LiveCodeBench/LiveCodeBench), named
 * in the paper's guide. A question brings its starter code as a last fenced block.
 */
final class CodePrompt {
  private static final String ROLE =
      "You are an expert Python programmer. You will be given a question (problem specification)"
          + " and will generate a correct Python program that matches the specification and passes"
          + " all tests.";
  private static final String WITH_STARTER =
      "You will use the following starter code to write the solution to the problem and enclose"
          + " your code within delimiters.";
  private static final String STDIN =
      "Read the inputs from stdin solve the problem and write the answer to stdout (do not directly"
          + " test on the sample inputs). Enclose your code within delimiters as follows. Ensure"
          + " that when the python program runs, it reads the inputs, runs the algorithm and writes"
          + " output to STDOUT.";
  private static final String ANSWER = "### Answer: (use the provided format with backticks)";
  private static final String FENCE = "```";
  private static final String OPEN = "```python\n";

  private CodePrompt() {}

  static String of(String question) {
    if (question.strip().endsWith(ANSWER)) {
      return question;
    }
    // By hand: a pattern would recurse over a long block.
    String whole = question.stripTrailing();
    int open = whole.lastIndexOf(OPEN);
    int start = open + OPEN.length();
    int close = whole.length() - FENCE.length();
    boolean has = open >= 0 && close >= start && whole.indexOf(FENCE, start) == close;
    String text = has ? whole.substring(0, open).stripTrailing() : question.strip();
    String format = has ? WITH_STARTER : STDIN;
    String code = has ? withoutLineEnd(whole.substring(start, close)) : "# YOUR CODE HERE";
    return ROLE
        + "\n\n### Question:\n"
        + text
        + "\n\n### Format: "
        + format
        + "\n```python\n"
        + code
        + "\n```\n\n"
        + ANSWER
        + "\n\n";
  }

  private static String withoutLineEnd(String code) {
    return code.endsWith("\n") ? code.substring(0, code.length() - 1) : code;
  }
}
