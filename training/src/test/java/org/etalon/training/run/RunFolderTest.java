package org.etalon.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.training.config.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final Configuration DEFAULTS = Configuration.defaults();

  @TempDir Path temp;

  @Test
  void newFolderHoldsTheResolvedConfiguration() {
    Path out = temp.resolve("a/b");
    try (RunFolder run = RunFolder.open(out, DEFAULTS)) {
      Path file = out.resolve("configuration.yaml");
      assertEquals(DEFAULTS, Configuration.load(Optional.of(file), List.of()));
      assertTrue(Files.isDirectory(run.folder(Stage.SFT)));
      assertFalse(run.isComplete(Stage.SFT));
    }
  }

  @Test
  void runContinuesOnlyUnderTheSameConfiguration() throws IOException {
    Path out = temp.resolve("run");
    try (RunFolder run = RunFolder.open(out, DEFAULTS)) {
      run.folder(Stage.DATA);
    }
    RunFolder.open(out, DEFAULTS).close();
    Configuration other = Configuration.load(Optional.empty(), List.of("mgpo.lambda=3", "seed=9"));
    String before = Files.readString(out.resolve("configuration.yaml"));
    assertEquals(
        out
            + " holds a run of another configuration: mgpo.lambda (1.0 there, 3.0 here), seed"
            + " (1 there, 9 here); continue with the same settings or choose another --out",
        fails(out, other));
    assertEquals(before, Files.readString(out.resolve("configuration.yaml")));
    RunFolder.open(out, DEFAULTS).close();
  }

  @Test
  void aRunThatWasRefusedBeforeItsFirstStageTakesAnotherConfiguration() {
    Path out = temp.resolve("run");
    RunFolder.open(out, DEFAULTS).close();
    Configuration other = Configuration.load(Optional.empty(), List.of("mgpo.lambda=3"));
    RunFolder.open(out, other).close();
    Path file = out.resolve("configuration.yaml");
    assertEquals(other, Configuration.load(Optional.of(file), List.of()));
  }

  @Test
  void foreignFolderIsRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(temp.resolve("thesis.tex"), "years of work");
    assertEquals(
        temp + " is not empty and not a run of Etalon (it holds thesis.tex); choose another --out",
        fails(temp, DEFAULTS));
    try (var list = Files.list(temp)) {
      assertEquals(List.of(file), list.toList());
    }
    assertTrue(fails(file, DEFAULTS).contains("is a file, not a folder"));
  }

  @Test
  void secondOpeningInOneProcessIsRefusedAndKeepsTheLock() throws Exception {
    Path out = temp.resolve("run");
    try (RunFolder held = RunFolder.open(out, DEFAULTS)) {
      String message = fails(out, DEFAULTS);
      assertTrue(message.contains("in use by process " + ProcessHandle.current().pid()), message);
      assertEquals(out, held.root());
      assertTrue(tryFromAnotherProcess(out).contains("in use by process"));
    }
  }

  @Test
  void anotherProcessIsRefusedByNameUntilTheFirstEnds() throws Exception {
    Path out = temp.resolve("run");
    Process holder = another("hold", out);
    try (BufferedReader lines = reader(holder)) {
      assertEquals("held", lines.readLine());
      assertTrue(fails(out, DEFAULTS).contains("in use by process " + holder.pid() + " on "));
    } finally {
      holder.destroyForcibly().waitFor();
    }
    RunFolder.open(out, DEFAULTS).close();
  }

  @Test
  void stageIsCompleteWithItsManifestAndRefusedWhenDamaged() throws IOException {
    try (RunFolder run = RunFolder.open(temp.resolve("run"), DEFAULTS)) {
      Path result = Files.writeString(run.folder(Stage.PROBE).resolve("result.json"), "{}");
      assertFalse(run.isComplete(Stage.PROBE));
      run.manifest(Stage.PROBE, "pipeline").write(run.folder(Stage.PROBE));
      assertTrue(run.isComplete(Stage.PROBE));
      Files.writeString(result, "[]");
      DataException e = assertThrows(DataException.class, () -> run.isComplete(Stage.PROBE));
      assertTrue(e.getMessage().startsWith(result + " is damaged"), e.getMessage());
    }
  }

  /** The other process: tries to open the folder, says how that went, and holds on if told so. */
  static final class Other {
    private Other() {}

    public static void main(String[] args) throws IOException {
      try (RunFolder run = RunFolder.open(Path.of(args[1]), DEFAULTS)) {
        System.out.println(run.root().equals(Path.of(args[1])) ? "held" : "elsewhere");
        if (args[0].equals("hold")) {
          System.in.read();
        }
      } catch (DataException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private static String tryFromAnotherProcess(Path out) throws Exception {
    Process process = another("try", out);
    try (BufferedReader lines = reader(process)) {
      String line = lines.readLine();
      process.waitFor();
      return line;
    }
  }

  private static Process another(String mode, Path out) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    return new ProcessBuilder(
            java, "-Xmx64m", "-cp", classPath, Other.class.getName(), mode, out.toString())
        .redirectErrorStream(true)
        .start();
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String fails(Path out, Configuration configuration) {
    return assertThrows(DataException.class, () -> RunFolder.open(out, configuration)).getMessage();
  }
}
