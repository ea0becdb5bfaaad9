package org.etalon.data.grade.code;

import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.grade.Grader;
import org.etalon.data.grade.Verdict;

/**
 * Grades programs: a response is right when the program in its last fenced block passes every test
 * of the gold answer, the text of {@link CodeTests#toJson}. Where the sandbox itself fails the
 * verdict is undecided. Close it to end its sandboxes.
 */
public final class CodeGrader implements Grader, AutoCloseable {
  private final ProgramRunner runner;

  /**
   * A grader.
   *
   * @param workers programs that run at once
   * @throws DataException if there is no sandbox on this machine, with the command that installs it
   */
  public CodeGrader(int workers) {
    this.runner = new ProgramRunner(workers);
  }

  /** The program of a response, its last fenced block; empty if it has none. */
  public static Optional<String> program(String response) {
    return CodeBlock.last(response);
  }

  /**
   * Grades one response.
   *
   * @throws DataException if the gold answer is not tests in JSON
   */
  @Override
  public Verdict grade(String gold, String response) {
    CodeTests tests = CodeTests.fromJson(gold, "gold answer");
    Optional<String> program = program(response);
    if (program.isEmpty()) {
      return new Verdict(false, "", "no fenced block of code");
    }
    CodeResult result = runner.run(program.get(), tests);
    if (result.verdict() == CodeVerdict.OK) {
      return new Verdict(true, program.get(), "passes " + tests.tests().size() + " tests");
    }
    String reason =
        result.verdict() + " in test " + (result.failedTest() + 1) + ": " + result.message();
    return result.verdict() == CodeVerdict.XX
        ? Verdict.undecided(program.get(), reason)
        : new Verdict(false, program.get(), reason);
  }

  @Override
  public void close() {
    runner.close();
  }
}
