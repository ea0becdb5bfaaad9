package org.etalon.data.grade.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramRunnerTest {
  private static ProgramRunner runner;

  @BeforeAll
  static void open() {
    runner = new ProgramRunner(2);
  }

  @AfterAll
  static void close() {
    runner.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import sys\na = int(sys.stdin.buffer.readline())\nb = int(sys.stdin.buffer.readline())\nprint(a + b)",
        "import sys\nprint(sum(map(int, sys.stdin.buffer.read().split())))",
        "import sys\nprint(sum(int(line) for line in sys.stdin))",
        "import sys\nprint(sum(map(int, sys.stdin.readlines())))",
        "print(sum(map(int, open(0))))",
        "print(sum(map(int, open(0).read().split())))",
        "print(sum(map(int, open('/dev/stdin'))))",
        "import os\nprint(sum(map(int, os.read(0, 1 << 20).split())))",
        "import fileinput\nprint(sum(map(int, fileinput.input())))",
        "total = 0\ndef add():\n    global total\n    total += int(input())\nadd()\nadd()\nprint(total)",
        "def main():\n    print(int(input()) + int(input()))\nif __name__ == '__main__':\n    main()",
        "print(int(input()) + int(input()))\nexit()\nprint('late')",
        "import sys\nsys.stdout.write(str(int(input()) + int(input())))\nsys.exit(0)",
        "import threading\ndef main():\n    print(int(input()) + int(input()))\n"
            + "threading.stack_size(1 << 26)\nthreading.Thread(target=main).start()",
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n"
            + "print(P(int(input())).x + P(int(input())).x)",
        "import atexit\natexit.register(lambda: print(int(input()) + int(input())))",
        "while True:\n    try:\n        a = int(input()) + int(input())\n    except EOFError:\n        break\nprint(a)",
        "with open('scratch', 'w') as f:\n    f.write(input() + '\\n' + input())\nprint(sum(map(int, open('scratch'))))",
        "print(8)  # ünï ☃",
        "from multiprocessing import Pool\nif __name__ == '__main__':\n    with Pool(2) as p:\n        print(sum(p.map(int, '35')))",
        "import subprocess, sys\nsys.stdout.flush()\nsubprocess.run([sys.executable, '-S', '-c', 'print(8)'], check=True)",
      })
  void programsThatAreRightPass(String code) {
    CodeResult result = runner.run(code, stdin("3\n5\n", "8"));
    assertEquals(CodeVerdict.OK, result.verdict(), result.message());
    assertEquals(CodeResult.NONE_FAILED, result.failedTest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "List[int]",
        "Optional[int]",
        "defaultdict(list)",
        "Counter()",
        "deque([1])",
        "sqrt(4)",
        "gcd(4, 6)",
        "inf",
        "math.pi",
        "heapq.heappop([1])",
        "heappop([1])",
        "bisect_left([1], 1)",
        "collections.OrderedDict()",
        "itertools.count()",
        "accumulate([1])",
        "lru_cache(None)",
        "reduce(lambda a, b: a, [1])",
        "random.random()",
        "string.ascii_lowercase",
        "mean([1])",
        "re.match('a', 'a')",
        "json.dumps(1)",
        "copy.deepcopy([])",
        "operator.add(1, 2)",
        "sys.maxsize",
        "maxsize",
        "datetime.date(2024, 1, 1)",
        "io.StringIO()",
        "permutations([1])"
      })
  void whatLiveCodeBenchImportsIsThere(String expression) {
    CodeResult result = runner.run("x = " + expression + "\nprint(8)", stdin("", "8"));
    assertEquals(CodeVerdict.OK, result.verdict(), result.message());
  }

  @Test
  void outputsAreComparedByLineAndCase() {
    assertEquals(CodeVerdict.WA, runner.run("print('1 2')", stdin("3\n", "1\n2")).verdict());
    assertEquals(CodeVerdict.WA, runner.run("print('yes')", stdin("3\n", "YES")).verdict());
    assertEquals(CodeVerdict.WA, runner.run("", stdin("3\n", "YES")).verdict());
    assertEquals(CodeVerdict.OK, runner.run("print('1.50  2')", stdin("", "1.5 2.0\n")).verdict());
  }

  @Test
  void theFirstFailureEndsTheRun() {
    CodeTests tests =
        new CodeTests(
            CodeKind.STDIN,
            "",
            List.of(
                new CodeTests.Test("1", "1"),
                new CodeTests.Test("2", "3"),
                new CodeTests.Test("-", "-")));
    CodeResult result = runner.run("print(int(input()))", tests);
    assertEquals(CodeVerdict.WA, result.verdict());
    assertEquals(1, result.failedTest());
    assertTrue(result.message().contains("expected \"3\", got \"2\""), result.message());
    assertTrue(result.memoryMb() > 4 && result.memoryMb() < 100, result.toString());
  }

  @Test
  void functionsAndMethodsGetTheirArguments() {
    CodeTests tests = functional("f", "[1, 2]\n\"a\"", "[[1, 2], \"a\"]");
    for (String code :
        List.of(
            "class Solution:\n    def f(self, a: List[int], b: str):\n        return a, b",
            "def f(a, b):\n    print('noise')\n    return [a, b]",
            "def f(a, b):\n    return [a, b]\nif __name__ == '__main__':\n    raise ValueError")) {
      CodeResult result = runner.run(code, tests);
      assertEquals(CodeVerdict.OK, result.verdict(), result.message());
    }
    assertEquals(CodeVerdict.RE, runner.run("def g(a, b): pass", tests).verdict());
    assertEquals(CodeVerdict.RE, runner.run("def f(a): pass", tests).verdict());
    assertEquals(CodeVerdict.WA, runner.run("def f(a, b): return a", tests).verdict());
    assertEquals(
        CodeVerdict.WA,
        runner.run("def f(a): return 1 / 3", functional("f", "1", "0.3333333")).verdict());
  }

  @Test
  void returnedValuesAreComparedAsPythonCompares() {
    record Case(String expected, String returned, boolean equal) {}
    for (Case c :
        List.of(
            new Case("1180591620717411303424", "2 ** 70", true),
            new Case("1180591620717411303425", "2 ** 70", false),
            new Case("0.5", "__import__('fractions').Fraction(1, 2)", true),
            new Case("0.1", "__import__('decimal').Decimal('0.1')", false),
            new Case("1", "True", true),
            new Case("1", "1.0", true),
            new Case("[[1, 2]]", "[(1, 2)]", false),
            new Case("[[1, 2]]", "([1, 2],)", true),
            new Case("{\"a\": 1}", "Counter('a')", true),
            new Case("{\"1\": 1}", "{1: 1}", false),
            new Case("[1, 2]", "{1, 2}", false),
            new Case("[1]", "deque([1])", false),
            new Case("null", "None", true),
            new Case("\"\\ud83d\\ude00\"", "'\\U0001F600'", true),
            new Case("1", "type('Any', (), {'__eq__': lambda a, b: True})()", false))) {
      CodeResult result =
          runner.run("def f(): return " + c.returned, functional("f", "", c.expected));
      assertEquals(c.equal ? CodeVerdict.OK : CodeVerdict.WA, result.verdict(), c.toString());
    }
  }

  @Test
  void everyEndHasItsVerdict() {
    assertEquals(CodeVerdict.RE, verdict("1 / 0"));
    assertEquals(CodeVerdict.RE, verdict("def f(:"));
    assertEquals(CodeVerdict.RE, verdict("x = '\0'"));
    assertEquals(CodeVerdict.RE, verdict("print(8)\nraise SystemExit('no')"));
    assertEquals(CodeVerdict.RE, verdict("def f(n):\n    return f(n + 1)\nf(0)"));
    assertEquals(CodeVerdict.RE, verdict("x = []\nwhile True:\n    x.append(bytearray(1 << 20))"));
    assertEquals(CodeVerdict.SG, verdict("import os\nos.kill(os.getpid(), 9)"));
    assertEquals(CodeVerdict.SG, verdict("import ctypes\nctypes.string_at(0)"));
    assertEquals(CodeVerdict.SG, verdict("import os\nos.abort()"));
    assertEquals(CodeVerdict.TO, verdict("while True:\n    pass"));
    assertEquals(CodeVerdict.TO, verdict("import time\ntime.sleep(60)"));
    assertEquals(
        "exit status 1: ZeroDivisionError: division by zero",
        runner.run("1 / 0", stdin("", "8")).message());
  }

  private static CodeVerdict verdict(String code) {
    CodeTests tests =
        new CodeTests(CodeKind.STDIN, "", List.of(new CodeTests.Test("", "8")), 1, 128);
    return runner.run(code, tests).verdict();
  }

  private static CodeTests stdin(String input, String output) {
    return new CodeTests(CodeKind.STDIN, "", List.of(new CodeTests.Test(input, output)));
  }

  private static CodeTests functional(String function, String input, String output) {
    return new CodeTests(CodeKind.FUNCTIONAL, function, List.of(new CodeTests.Test(input, output)));
  }
}
