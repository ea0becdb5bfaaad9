package org.etalon.data.grade.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.etalon.data.DataException;
import org.etalon.data.grade.Verdict;
import org.etalon.data.grade.constraint.ConstraintGrader.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConstraintGraderTest {
  private static final String GOLD =
      "[{\"rule\": \"punctuation:no_comma\"}, {\"rule\": \"startend:quotation\"}]";
  private static final ConstraintGrader STRICT = new ConstraintGrader();
  private static final ConstraintGrader LOOSE = new ConstraintGrader(Mode.LOOSE);

  @Test
  void allRulesMustHoldAndTheFirstThatFailsIsNamed() {
    assertEquals(new Verdict(true, "", "all rules are kept"), STRICT.grade(GOLD, "\"a\""));
    assertEquals("punctuation:no_comma: a \",\"", STRICT.grade(GOLD, "a, b").reason());
    assertEquals(
        "startend:quotation: not in double quotation marks", STRICT.grade(GOLD, "a").reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sure, here:\n\"a\"",
        "\"a\"\nHope, it helps",
        "Sure, here:\n\"a\"\nHope, it helps",
        "*\"a\"*",
        "Sure, here:\n*\"a\"*",
        "*\"a\"*\nHope, it helps",
        "Sure, here:\n*\"a\"*\nHope, it helps"
      })
  void looseForgivesFirstLineLastLineAndAsterisks(String response) {
    assertFalse(STRICT.grade(GOLD, response).correct());
    assertTrue(LOOSE.grade(GOLD, response).correct());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb\n\"c\"", "\"c\"\na\nb", "_\"c\"_", ""})
  void looseForgivesNothingElse(String response) {
    assertFalse(LOOSE.grade("[{\"rule\": \"startend:quotation\"}]", response).correct());
  }

  @Test
  void resultsTellEachRuleStrictAndLoose() {
    assertEquals(
        List.of(
            new RuleResult("punctuation:no_comma", false, true, "a \",\""),
            new RuleResult("startend:quotation", true, true, "")),
        STRICT.results(GOLD, "\"so, here\n\""));
  }

  @Test
  void blankTextKeepsNoRule() {
    for (String blank : List.of("", " \n\t", "\u00a0\u2003")) {
      assertEquals(
          "punctuation:no_comma: the response is blank", STRICT.grade(GOLD, blank).reason());
      assertFalse(LOOSE.grade(GOLD, blank).correct());
    }
  }

  @Test
  void thinkingIsNoPartOfTheResponse() {
    assertTrue(STRICT.grade(GOLD, "<think>well, well</think>\n\"a\"").correct());
    assertFalse(STRICT.grade(GOLD, "\"a\"</think>\nb, c").correct());
    assertFalse(STRICT.grade(GOLD, "<think>\"a\"").correct());
  }

  @Test
  void goldAnswerMustBeRules() {
    assertThrows(DataException.class, () -> STRICT.grade(" ", "a"));
    assertThrows(DataException.class, () -> STRICT.results("be brief", "a"));
  }
}
