package org.etalon.data.grade.code;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.DataException;

/**
 * Runs programs on their tests, each test in a sandbox of its own, and stops at the first that
 * fails. Safe for use from many threads.
 */
public final class ProgramRunner implements AutoCloseable {
  /** Our choice: twice the expected output, and at least 16 MiB. */
  private static final long OUTPUT_BYTES = 16 << 20;

  private static final int SIGKILL = 9;
  private static final int SIGXCPU = 24;

  /** Share of the time limit from which on a SIGKILL is taken for the limit's. */
  private static final double LEAST_CPU = 0.9;

  private static final Map<Integer, String> SIGNALS =
      Map.of(
          4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", SIGKILL, "SIGKILL", 11, "SIGSEGV",
          13, "SIGPIPE", 15, "SIGTERM", 25, "SIGXFSZ", 31, "SIGSYS");

  private final Sandboxes sandboxes;

  /**
   * A runner.
   *
   * @param workers programs that run at once; more callers wait
   * @throws DataException if there is no sandbox on this machine, with the command that installs
   *     it; nothing ever runs outside one
   */
  public ProgramRunner(int workers) {
    this(new Sandboxes(workers));
  }

  ProgramRunner(Sandboxes sandboxes) {
    this.sandboxes = sandboxes;
  }

  /** What the sandbox runs, e.g. {@code Python 3.11.2}. */
  public String interpreter() {
    return "Python " + sandboxes.pythonVersion();
  }

  /** Runs a program. Never throws because of the program. */
  public CodeResult run(String code, CodeTests tests) {
    byte[] source = code.getBytes(StandardCharsets.UTF_8);
    double seconds = 0;
    double memoryMb = 0;
    for (int i = 0; i < tests.tests().size(); i++) {
      CodeTests.Test test = tests.tests().get(i);
      Outcome outcome;
      try {
        SandboxRun run = sandboxes.run(request(source, tests, test));
        seconds = Math.max(seconds, run.wallSeconds());
        memoryMb = Math.max(memoryMb, run.memoryKb() / 1024.0);
        outcome = judge(run, tests, test);
      } catch (SandboxException e) {
        outcome = new Outcome(CodeVerdict.XX, String.valueOf(e.getMessage()));
      }
      if (outcome.verdict != CodeVerdict.OK) {
        return new CodeResult(outcome.verdict, i, seconds, memoryMb, outcome.message);
      }
    }
    return new CodeResult(CodeVerdict.OK, CodeResult.NONE_FAILED, seconds, memoryMb, "");
  }

  private record Outcome(CodeVerdict verdict, String message) {}

  private static SandboxRequest request(byte[] source, CodeTests tests, CodeTests.Test test) {
    boolean functional = tests.kind() == CodeKind.FUNCTIONAL;
    String input = functional ? String.join("\n", JsonText.arguments(test.input())) : test.input();
    return new SandboxRequest(
        tests.kind(),
        tests.function(),
        source,
        input.getBytes(StandardCharsets.UTF_8),
        tests.seconds(),
        tests.memoryMb(),
        Math.max(OUTPUT_BYTES, 2L * test.output().length()));
  }

  private static Outcome judge(SandboxRun run, CodeTests tests, CodeTests.Test test) {
    // The kernel ends a program by another count of its time than the one it reports.
    boolean cpu =
        run.signal() == SIGXCPU
            || (run.signal() == SIGKILL && run.cpuSeconds() >= LEAST_CPU * tests.seconds());
    if (run.timedOut() || cpu) {
      return new Outcome(CodeVerdict.TO, "ran longer than " + tests.seconds() + " s");
    }
    if (run.outOfMemory()) {
      return new Outcome(CodeVerdict.RE, "its processes took more memory than is allowed");
    }
    if (run.overflowed()) {
      return new Outcome(CodeVerdict.SG, "wrote more than is allowed and was ended");
    }
    if (run.signal() != 0) {
      String name = SIGNALS.getOrDefault(run.signal(), "signal " + run.signal());
      return new Outcome(CodeVerdict.SG, "ended by " + name);
    }
    if (run.exitStatus() != 0) {
      String said = run.lastError();
      return new Outcome(
          CodeVerdict.RE,
          "exit status " + run.exitStatus() + (said.isEmpty() ? "" : ": " + JsonText.line(said)));
    }
    boolean functional = tests.kind() == CodeKind.FUNCTIONAL;
    if (functional && run.output().length == 0) {
      return new Outcome(CodeVerdict.RE, "ended without a result");
    }
    Optional<String> difference =
        functional
            ? ReturnedValue.difference(test.output(), run.outputText())
            : OutputComparison.difference(test.output(), run.outputText());
    return difference
        .map(text -> new Outcome(CodeVerdict.WA, text))
        .orElse(new Outcome(CodeVerdict.OK, ""));
  }

  /** Ends the sandboxes. */
  @Override
  public void close() {
    sandboxes.close();
  }
}
