package org.etalon.data.grade.math;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.etalon.data.grade.Grader;
import org.etalon.data.grade.MathGrader;
import org.etalon.data.grade.Verdict;
import org.junit.jupiter.api.Assertions;

/**
 * Any text is a formula or none, and any response gets a verdict, soon. An ordinary build runs the
 * seeds; {@code JAZZER_FUZZ=1} searches for more.
 */
class FormulaFuzzTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Two formulas with a line break between them. */
  @FuzzTest(maxDuration = "2m")
  void anyTwoTextsAreCompared(byte[] bytes) {
    String[] texts = new String(bytes, StandardCharsets.UTF_8).split("\n", 2);
    Optional<Formula> gold = Formula.read(texts[0]);
    Optional<Formula> answer = Formula.read(texts[texts.length - 1]);
    if (gold.isEmpty() || answer.isEmpty()) {
      return;
    }
    try {
      boolean said = gold.get().isSaidBy(answer.get(), new Budget(LONG));
      Assertions.assertEquals(said, gold.get().isSaidBy(answer.get(), new Budget(LONG)));
    } catch (WorkException e) {
      Assertions.assertTrue(e.getMessage().endsWith("work to compare"), e.getMessage());
    }
  }

  /** A gold answer, a line break, and a response. */
  @FuzzTest(maxDuration = "2m")
  void anyResponseIsGraded(byte[] bytes) {
    String[] texts = new String(bytes, StandardCharsets.UTF_8).split("\n", 2);
    if (texts.length < 2 || texts[0].isBlank()) {
      return;
    }
    for (Grader grader : new Grader[] {new MathGrader(), new MathGrader(false)}) {
      Verdict verdict = grader.grade(texts[0], texts[1]);
      Verdict again = grader.grade(texts[0], texts[1]);
      // On a machine that is too busy the time may run out before the work does.
      if (!verdict.reason().startsWith("too slow") && !again.reason().startsWith("too slow")) {
        Assertions.assertEquals(verdict, again);
      }
    }
  }
}
