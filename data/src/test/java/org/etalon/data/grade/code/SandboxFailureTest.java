package org.etalon.data.grade.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a grader whose sandbox is missing, weak or broken. */
class SandboxFailureTest {
  @TempDir Path folder;

  private static final CodeTests TESTS =
      new CodeTests(CodeKind.STDIN, "", List.of(new CodeTests.Test("", "8")), 1, 64);

  @Test
  void withoutASandboxTheRemedyIsNamed() {
    for (List<String> command :
        List.of(
            List.of("/no/such/bwrap"),
            List.of("/bin/sh", "-c", "echo 'bwrap: No permissions to create new namespace' >&2"),
            List.of("/bin/sh", "-c", "exit 1"),
            List.of("/bin/sh", "-c", "yes no"))) {
      DataException e = assertThrows(DataException.class, () -> new Sandboxes(1, command));
      assertTrue(
          e.getMessage().contains("sudo apt-get install bubblewrap python3"), e.getMessage());
      assertTrue(e.getMessage().contains("user.max_user_namespaces"), e.getMessage());
    }
  }

  @Test
  void whatBubblewrapSaidIsPassedOn() {
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                new Sandboxes(
                    1,
                    List.of("/bin/sh", "-c", "echo 'bwrap: Creating new namespace failed' >&2")));
    assertTrue(e.getMessage().contains("bwrap: Creating new namespace failed"), e.getMessage());
  }

  @Test
  void aSandboxThatShowsTheHostIsNotUsed() {
    List<String> command = new ArrayList<>(SandboxCommand.create());
    command.addAll(command.indexOf("--remount-ro"), List.of("--ro-bind", "/etc", "/etc"));
    DataException e = assertThrows(DataException.class, () -> new Sandboxes(1, command));
    assertTrue(e.getMessage().contains("not sound: it sees files of the host"), e.getMessage());
  }

  @Test
  void aSandboxThatWasKilledIsReplaced() {
    Sandboxes sandboxes = new Sandboxes(1);
    try (ProgramRunner runner = new ProgramRunner(sandboxes)) {
      assertEquals(CodeVerdict.OK, runner.run("print(8)", TESTS).verdict());
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      assertEquals(CodeVerdict.OK, runner.run("print(8)", TESTS).verdict());
    }
  }

  @Test
  void aSandboxThatCannotBeReplacedIsNoVerdictOnTheProgram() {
    List<String> onlyOnce = new ArrayList<>();
    onlyOnce.addAll(List.of("/bin/sh", "-c", "mkdir \"$0\" && exec \"$@\""));
    onlyOnce.add(folder.resolve("started").toString());
    onlyOnce.addAll(SandboxCommand.create());
    try (ProgramRunner runner = new ProgramRunner(new Sandboxes(1, onlyOnce))) {
      assertEquals(CodeVerdict.OK, runner.run("print(8)", TESTS).verdict());
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      CodeResult result = runner.run("print(8)", TESTS);
      assertEquals(CodeVerdict.XX, result.verdict());
      assertTrue(result.message().contains("File exists"), result.message());
    }
  }
}
