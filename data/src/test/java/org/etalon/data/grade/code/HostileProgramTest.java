package org.etalon.data.grade.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that attack. After each the folder beside them is as it was, no process of theirs is
 * left, and the next program of the same sandbox is judged as ever.
 */
class HostileProgramTest {
  /**
   * Where time is to run out, soon; elsewhere late, as other programs may keep the machine busy.
   */
  private static final double SHORT_SECONDS = 1;

  private static final double SECONDS = 6;
  private static ProgramRunner runner;

  @TempDir static Path folder;
  private static Map<String, String> before;

  @BeforeAll
  static void open() throws IOException {
    // One worker: what a program left behind would meet the next one.
    runner = new ProgramRunner(1);
    Files.createDirectories(folder.resolve("tree/inner"));
    Files.writeString(folder.resolve("tree/secret"), "secret");
    Files.writeString(folder.resolve("tree/inner/file"), "8");
    folder.toFile().setReadable(true, false);
    folder.toFile().setExecutable(true, false);
    folder.toFile().setWritable(true, false);
    before = tree();
  }

  @AfterAll
  static void close() {
    runner.close();
  }

  @BeforeEach
  @AfterEach
  void theSandboxJudgesAnOrdinaryProgram() {
    assertEquals(
        CodeVerdict.OK,
        runner
            .run("import os\nassert not os.listdir('.')\nprint(input())", tests(SECONDS))
            .verdict());
  }

  @AfterEach
  void theHostIsAsItWas() throws IOException {
    assertEquals(before, tree());
  }

  /** Every program of the folder; its first line is the verdict that is right. */
  static Stream<Arguments> attacks() throws Exception {
    Path programs = Path.of(HostileProgramTest.class.getResource("hostile").toURI());
    try (Stream<Path> files = Files.list(programs)) {
      return files.sorted().map(HostileProgramTest::attack).toList().stream();
    }
  }

  private static Arguments attack(Path file) {
    try {
      String code = Files.readString(file);
      CodeVerdict verdict = CodeVerdict.valueOf(code.substring(2, code.indexOf('\n')));
      return Arguments.of(
          file.getFileName().toString(),
          verdict,
          code.replace("@HOST@", folder.resolve("tree").toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void isContained(String name, CodeVerdict expected, String code) throws InterruptedException {
    long start = System.nanoTime();
    double limit = expected == CodeVerdict.TO ? SHORT_SECONDS : SECONDS;
    CodeResult result = runner.run(code, tests(limit));
    double seconds = (System.nanoTime() - start) / 1e9;
    assertEquals(expected, result.verdict(), name + ": " + result);
    assertTrue(seconds <= limit + 1, name + " took " + seconds + " s");
    assertFalse(result.message().contains("\n"), result.message());
    assertNoProcessIsLeft();
  }

  @Test
  void aForgedResultIsOnlyAnotherAnswer() {
    CodeTests tests =
        new CodeTests(
            CodeKind.FUNCTIONAL, "f", List.of(new CodeTests.Test("1", "[8]")), SECONDS, 256);
    assertEquals(
        CodeVerdict.WA,
        runner.run("import os\nos.write(3, b'[9]')\nos._exit(0)\ndef f(a): pass", tests).verdict());
    assertEquals(
        CodeVerdict.WA,
        runner
            .run("def f(a):\n    os = __import__('os')\n    os.write(3, b'{')\n    return 9", tests)
            .verdict());
    assertEquals(
        CodeVerdict.RE, runner.run("import sys\ndef f(a):\n    sys.exit(0)", tests).verdict());
    assertEquals(
        CodeVerdict.SG,
        runner.run("def f(a):\n    return ['x' * 10**6 for _ in range(40)]", tests).verdict());
    assertEquals(
        CodeVerdict.WA,
        runner
            .run(
                "class L(list):\n    __eq__ = lambda a, b: True\ndef f(a):\n    return L([9])",
                tests)
            .verdict());
    assertEquals(
        CodeVerdict.WA,
        runner.run("def f(a):\n    x = []\n    x.append(x)\n    return x", tests).verdict());
  }

  private static CodeTests tests(double seconds) {
    return new CodeTests(CodeKind.STDIN, "", List.of(new CodeTests.Test("8", "8")), seconds, 256);
  }

  /** The one that answered may need a moment to end. */
  private static void assertNoProcessIsLeft() throws InterruptedException {
    for (int i = 0; i < 500 && !processesBelowTheServer().isEmpty(); i++) {
      Thread.sleep(10);
    }
    assertEquals(List.of(), processesBelowTheServer());
  }

  /** Processes of the sandboxes that are neither bubblewrap nor its server. */
  private static List<String> processesBelowTheServer() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> depth(process) > 3)
        .map(process -> process.info().command().orElse("gone"))
        .toList();
  }

  /** Bubblewrap, its process 1, the server: 1, 2 and 3 below this JVM. */
  private static int depth(ProcessHandle process) {
    int depth = 0;
    for (var at = process.parent(); at.isPresent(); at = at.get().parent()) {
      depth++;
      if (at.get().equals(ProcessHandle.current())) {
        return depth;
      }
    }
    return 0;
  }

  private static Map<String, String> tree() throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        tree.put(
            path.toString(),
            Files.getLastModifiedTime(path)
                + (Files.isRegularFile(path)
                    ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                    : ""));
      }
    }
    return tree;
  }
}
