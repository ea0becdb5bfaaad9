package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionGraderTest {
  private static final Grader GRADER = new OptionGrader();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "So \\boxed{C}.",
        "\\boxed{\\text{C}}",
        "\\boxed{(C)}",
        "\\boxed{\\text{(C)}}",
        "\\boxed{C) 42}",
        "\\boxed{C. the mitochondrion}",
        "first \\boxed{A}, no: \\boxed{C}",
        "The answer is C.",
        "The correct answer is (C) because it fits.",
        "**Answer: C**",
        "Answer: **C**",
        "The answer is A. Wait, the answer is option C.",
        "A and B are out.\nC",
        "All considered:\n(C)",
      })
  void optionIsFound(String response) {
    assertTrue(GRADER.grade("C", response).correct(), GRADER.grade("C", response).toString());
    assertFalse(GRADER.grade("B", response).correct());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\boxed{A or C}",
        "\\boxed{A, C}",
        "\\boxed{Carbon}",
        "Options A, B and C are possible",
        "C is a letter and so are others",
        "The answer is Carbon",
        "The answer is A or C.",
        "",
        "\\boxed{}",
      })
  void noSingleOption(String response) {
    assertFalse(GRADER.grade("C", response).correct(), GRADER.grade("C", response).toString());
    assertFalse(GRADER.grade("A", response).correct(), GRADER.grade("A", response).toString());
  }

  @Test
  void goldAnswerIsALetter() {
    assertTrue(GRADER.grade("(C)", "\\boxed{C}").correct());
    assertThrows(DataException.class, () -> GRADER.grade("42", "\\boxed{C}"));
  }

  @Test
  void orderDependsOnSeedAndProblemAlone() {
    List<String> wrong = List.of("1", "2", "3");
    Options options = Options.shuffled("4", wrong, "p1", 7);
    assertEquals(options, Options.shuffled("4", List.of("3", "1", "2"), "p1", 7));
    assertEquals("4", options.texts().get(options.gold() - 'A'));
    assertTrue(options.shown().contains("(" + options.gold() + ") 4"), options.shown());
    Set<Character> places =
        IntStream.range(0, 200)
            .mapToObj(i -> Options.shuffled("4", wrong, "p" + i, 7).gold())
            .collect(Collectors.toSet());
    assertEquals(Set.of('A', 'B', 'C', 'D'), places);
    assertThrows(DataException.class, () -> Options.shuffled("1", wrong, "p", 7));
  }
}
