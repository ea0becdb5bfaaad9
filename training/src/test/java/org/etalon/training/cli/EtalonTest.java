package org.etalon.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.training.command.CommonOptions;
import org.etalon.training.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.EagerSession;
import org.tensorflow.op.Ops;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class EtalonTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void configPrintsWhatLoadReadsBack() throws IOException {
    assertEquals(0, run("config", "--set", "seed=5", "--set", "mgpo.lambda=0"));
    Path file = Files.writeString(folder.resolve("c.yaml"), out.toString());
    Configuration read = Configuration.load(Optional.of(file), List.of());
    assertEquals(5, read.seed());
    assertEquals(0.0, read.mgpo().lambda());
  }

  @Test
  void configPrintsTheCommentedDefaults() {
    assertEquals(0, run("config", "--defaults"));
    assertEquals(Configuration.defaultYaml(), out.toString());
  }

  @Test
  void badInputIsOneLineAndExitCodeTwo() {
    assertEquals(2, run("config", "--set", "mgpo.rollout=4"));
    assertEquals(
        "etalon: unknown key mgpo.rollout in --set mgpo.rollout=4; did you mean mgpo.rollouts?\n",
        err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void unknownCommandAndOptionAreOneLine() {
    assertEquals(2, run("reprt"));
    assertEquals(
        "etalon: Unmatched argument at index 0: 'reprt'; did you mean prepare or report or probe?\n",
        err.toString());
    err.getBuffer().setLength(0);
    assertEquals(2, run("report"));
    assertEquals(
        "etalon: Missing required parameter: 'RUN'; see etalon report --help\n", err.toString());
  }

  @Test
  void noCommandShowsTheCommands() {
    assertEquals(2, run());
    for (String command : List.of("doctor", "config", "report")) {
      assertTrue(err.toString().contains("\n  " + command), err.toString());
    }
    assertEquals(0, run("--version"));
    assertTrue(out.toString().startsWith("etalon "));
  }

  @Test
  void everyCommandExplainsItself() {
    for (String name : Etalon.commandLine().getSubcommands().keySet()) {
      assertEquals(0, run(name, "--help"), name);
      assertTrue(out.toString().contains("Usage: etalon " + name), out.toString());
    }
  }

  @Test
  void illegalArgumentIsBadInputButATensorFlowErrorIsNot() {
    assertEquals(2, runFailing(() -> new IllegalArgumentException("k must be\n  positive")));
    assertEquals("etalon: k must be positive\n", err.toString());
    assertEquals(1, runFailing(EtalonTest::tensorFlowError));
    assertTrue(err.toString().contains("\tat org."), err.toString());
    assertEquals(1, runFailing(() -> new IllegalStateException("a bug")));
  }

  @Test
  void verboseShowsTheStackTraceOfBadInput() {
    assertEquals(2, runFailing(() -> new DataException("no such file"), "--verbose"));
    assertTrue(err.toString().startsWith("etalon: no such file\n"));
    assertTrue(err.toString().contains("\tat org."), err.toString());
  }

  @Test
  void missingOutFolderIsExplained() {
    var options = new CommonOptions();
    DataException e = assertThrows(DataException.class, options::out);
    assertEquals("no run folder given; add --out DIR", e.getMessage());
  }

  @Command(name = "fail")
  private static final class Failing implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();
    private final Callable<Exception> error;

    Failing(Callable<Exception> error) {
      this.error = error;
    }

    @Override
    public Integer call() throws Exception {
      assertTrue(!common.isQuiet());
      throw error.call();
    }
  }

  private static Exception tensorFlowError() {
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      tf.linalg.matMul(tf.constant(new float[][] {{1}}), tf.constant(new float[][] {{1}, {2}}));
      throw new AssertionError("shapes that do not fit were multiplied");
    } catch (RuntimeException e) {
      return e;
    }
  }

  private int runFailing(Callable<Exception> error, String... options) {
    CommandLine etalon = Etalon.commandLine();
    etalon.addSubcommand(new Failing(error));
    // Handlers reach only the sub-commands that are there when they are set.
    etalon.setExecutionExceptionHandler(etalon.getExecutionExceptionHandler());
    String[] args = new String[options.length + 1];
    args[0] = "fail";
    System.arraycopy(options, 0, args, 1, options.length);
    return run(etalon, args);
  }

  private int run(String... args) {
    return run(Etalon.commandLine(), args);
  }

  private int run(CommandLine etalon, String... args) {
    etalon.setOut(new PrintWriter(out));
    etalon.setErr(new PrintWriter(err));
    return etalon.execute(args);
  }
}
