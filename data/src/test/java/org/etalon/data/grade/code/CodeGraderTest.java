package org.etalon.data.grade.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.etalon.data.DataException;
import org.etalon.data.grade.Verdict;
import org.junit.jupiter.api.Test;

class CodeGraderTest {
  private static final String GOLD =
      new CodeTests(
              CodeKind.STDIN,
              "",
              List.of(new CodeTests.Test("3 5", "8"), new CodeTests.Test("1 1", "2")))
          .toJson();

  @Test
  void manyThreadsGetTheirOwnVerdicts() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (CodeGrader grader = new CodeGrader(2)) {
      List<Callable<Verdict>> calls = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        String program = i % 2 == 0 ? "print(sum(map(int, input().split())))" : "print(8)";
        calls.add(() -> grader.grade(GOLD, "Thus\n```python\n" + program + "\n```"));
      }
      List<Future<Verdict>> verdicts = threads.invokeAll(calls);
      for (int i = 0; i < verdicts.size(); i++) {
        Verdict verdict = verdicts.get(i).get();
        assertTrue(verdict.decided());
        assertEquals(i % 2 == 0, verdict.correct(), verdict.reason());
        assertEquals(
            i % 2 == 0 ? "passes 2 tests" : "WA in test 2: line 1: expected \"2\", got \"8\"",
            verdict.reason());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aResponseWithoutCodeIsWrongAndABadGoldIsAnError() {
    try (CodeGrader grader = new CodeGrader(1)) {
      Verdict verdict = grader.grade(GOLD, "print(sum(map(int, input().split())))");
      assertFalse(verdict.correct());
      assertTrue(verdict.decided());
      DataException e =
          assertThrows(DataException.class, () -> grader.grade("8", "```\nprint(8)\n```"));
      assertTrue(e.getMessage().startsWith("gold answer: expected a JSON object"), e.getMessage());
    }
  }

  @Test
  void aSandboxStartedByAThreadThatEndsLivesOn() throws InterruptedException {
    try (CodeGrader grader = new CodeGrader(1)) {
      List<Verdict> verdicts = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Thread thread =
            new Thread(
                () ->
                    verdicts.add(
                        grader.grade(GOLD, "```\nprint(sum(map(int, input().split())))\n```")));
        thread.start();
        thread.join();
      }
      assertTrue(verdicts.stream().allMatch(Verdict::correct), verdicts.toString());
    }
  }
}
