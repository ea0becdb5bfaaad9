package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
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
        "\\boxed{\\textbf{(C)}}",
        "\\boxed{\\mathrm{C}}",
        "\\boxed{$C$}",
        "\\boxed{c}",
        "\\boxed{C) Vitamin A}",
        "\\boxed{C. A larger one}",
        "\\boxed{\\text{C. } 3.5}",
        "\\boxed{\\text{Option C}}",
        "\\boxed{C: I and II}",
        "Final answer: **C**",
        "**Final Answer:** (C) 3.5 m",
        "**Answer:** C",
        "Answer: (C)",
        "ANSWER: C",
        "Answer:\n\n**C**",
        "The answer is: $C$.",
        "The answer is \\(C\\).",
        "The correct answer is **C) 3.5**.",
        "The correct option is C because it fits.",
        "The answer should be (c).",
        "The answer is C, since A is wrong.",
        "Option C is correct.",
        "So (C) is the right answer.",
        "Hence **C** is the correct choice.",
        "The answer is A. No: C is correct.",
        "the wrong answer is A; the answer is C",
        "<think>The answer is A.</think>\nThe answer is C.",
        "<think>so \\boxed{A}</think>\n**C**",
        "\\(C\\)",
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
        "The answer is A and (C).",
        "Answer: A/C",
        "Answer: A, C",
        "\\boxed{A} and \\boxed{C}",
        "\\boxed{A decrease in C}",
        "\\boxed{CA}",
        "The answer is a",
        "The answer is a decrease",
        "The answer is A decrease in pressure",
        "The answer is not C",
        "The wrong answer is C.",
        "Neither A nor C is correct.",
        "If C is correct, then it rains.",
        "It is unclear whether the answer is C",
        "C is not correct.",
        "A is incorrect.",
        "C's value is 3",
        "Carbon\nAC",
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
  void textOfAnOptionIsAnAnswerWhereTheOptionsAreKnown() {
    String gold = "C\nA. $3.5$ m\nB. 35 m\nC. The  Krebs cycle.\nD. C";
    for (String right :
        List.of(
            "\\boxed{the Krebs cycle}",
            "\\boxed{\\text{The Krebs cycle}}",
            "The answer is the Krebs cycle.",
            "All considered:\n**The Krebs cycle**",
            "\\boxed{C. The Krebs cycle}",
            "\\boxed{C}")) {
      assertTrue(GRADER.grade(gold, right).correct(), right);
    }
    for (String wrong :
        List.of(
            "\\boxed{a Krebs cycle}",
            "\\boxed{3.5\\text{ m}}",
            "\\boxed{C. 35 m}",
            "\\boxed{J}",
            "The Krebs cycle is not it.",
            "The answer is not the Krebs cycle.")) {
      assertFalse(GRADER.grade(gold, wrong).correct(), wrong);
    }
    assertFalse(GRADER.grade("C", "\\boxed{the Krebs cycle}").correct());
  }

  @Test
  void textThatTwoOptionsShareIsNoAnswer() {
    assertFalse(GRADER.grade("A\n(A) 5 m\n(B) $5$ m", "\\boxed{5 m}").correct());
    assertTrue(GRADER.grade("A\n(A) 5 m\n(B) $5$ m", "\\boxed{(A) 5 m}").correct());
  }

  @Test
  void optionsKeepTheirWayIntoTheGoldAnswer() {
    Options options = Options.shuffled("4 m", List.of("1 m", "2 m"), "p1", 7);
    assertTrue(GRADER.grade(options.answer(), "\\boxed{4\\text{ m}}").correct());
    assertFalse(GRADER.grade(options.answer(), "\\boxed{1\\text{ m}}").correct());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "answer is ",
        "answer:",
        "\\boxed{(",
        "A is correct ",
        "\\text{",
        " and A",
        "*",
        "\\(",
        "\n"
      })
  void hostileTextIsWrongSoon(String piece) {
    String text = piece.repeat((1 << 20) / piece.length());
    String gold = "B\nA. x\nB. y";
    for (String response : List.of(text, "\\boxed{" + text + "}", "answer: " + text)) {
      assertFalse(
          assertTimeoutPreemptively(Duration.ofSeconds(20), () -> GRADER.grade(gold, response))
              .correct());
    }
    assertFalse(GRADER.grade(gold, "\ud83d \u0000").correct());
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
