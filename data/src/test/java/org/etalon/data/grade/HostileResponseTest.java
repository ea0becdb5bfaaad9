package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The limits are a hundred times what is needed: they tell a bounded grader from a stuck one. */
class HostileResponseTest {
  private static final int MEGABYTE = 1 << 20;
  private static final Grader BOXED = new MathGrader();
  private static final Grader ANY = new MathGrader(false);

  static Stream<String> hostile() {
    return Stream.of(
            "9^{9^{9^9}}",
            "9^9^9^9",
            "2^{8191}".repeat(100),
            "1/3^{1000}+1/7^{1000}+1/11^{900}+".repeat(30) + "1",
            "(3/7)^{600}*".repeat(80) + "1",
            "9".repeat(MEGABYTE),
            "9".repeat(1000) + "^" + "9".repeat(10),
            "0." + "0".repeat(MEGABYTE) + "1",
            "{".repeat(MEGABYTE) + "}".repeat(MEGABYTE),
            "(".repeat(MEGABYTE) + "1" + ")".repeat(MEGABYTE),
            "(".repeat(500) + "1" + ")".repeat(500),
            "\\frac{".repeat(200) + "1" + "}{1}".repeat(200),
            "\\sqrt{".repeat(200) + "1" + "}".repeat(200),
            "-".repeat(MEGABYTE) + "1",
            "2^".repeat(500) + "2",
            "1,".repeat(MEGABYTE / 2),
            "1 ".repeat(MEGABYTE / 2),
            " ".repeat(MEGABYTE),
            "\u0000".repeat(1000),
            "\\frac".repeat(MEGABYTE / 8),
            "\\begin{pmatrix}".repeat(5000),
            "\\begin{pmatrix}" + "1&".repeat(7000) + "\\end{pmatrix}",
            "99999999!",
            "\\binom{10^9}{10^8}",
            "|".repeat(4000),
            "\u200b5\u202e\uff15",
            "5\u0301".repeat(500),
            "9".repeat(MEGABYTE) + "%",
            "$".repeat(MEGABYTE),
            "\\(".repeat(MEGABYTE / 2),
            "1\u00002",
            "\\text{".repeat(MEGABYTE / 8),
            "\\text{a}".repeat(2000),
            "a ".repeat(8000),
            "x".repeat(MEGABYTE),
            "\ud83d",
            "\\",
            "$",
            "$$",
            "\\$",
            "\\frac",
            "\\frac1",
            "\\sqrt",
            "%",
            "=",
            ".",
            "-")
        .flatMap(
            answer ->
                Stream.of(
                    answer,
                    "\\boxed{" + answer + "}",
                    "\\boxed{" + answer,
                    "the answer is " + answer));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileTextIsWrongSoonAndThrowsNothing(String response) {
    for (Grader grader : List.of(BOXED, ANY)) {
      Verdict verdict =
          assertTimeoutPreemptively(Duration.ofSeconds(10), () -> grader.grade("77/13", response));
      assertFalse(verdict.correct());
      assertTimeoutPreemptively(
          Duration.ofSeconds(10), () -> grader.grade(response + "1", "\\boxed{77/13}"));
    }
  }

  @Test
  void aListOfAMillionIsGraded() {
    String list = "1,".repeat(MEGABYTE) + "1";
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertFalse(BOXED.grade("1,2", "\\boxed{" + list + "}").correct()));
  }

  @Test
  void manyUnclosedBoxesTakeLinearTime() {
    String text = "\\boxed{".repeat(MEGABYTE / 7);
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          assertFalse(BOXED.grade("1", text).correct());
          assertTrue(BOXED.grade("1", text + "\\boxed{1}").correct());
        });
    String phrases = "answer ".repeat(MEGABYTE / 7) + "answer is 1";
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertTrue(ANY.grade("1", phrases).correct()));
  }

  @Test
  void randomMarkupNeverThrows() {
    String[] pieces = {
      "\\boxed{", "}", "{", "(", ")", "\\frac", "\\sqrt", "\\text{", "1", "23", ".", ",", "^", "/",
      "-", "%", "=", "x", " ", "$", "\\", "\\\\", "\\left", "°", "cm", "\u0000", "\n", "answer is"
    };
    Random random = new Random(19);
    for (int n = 0; n < 5_000; n++) {
      StringBuilder text = new StringBuilder(n % 2 == 0 ? "\\boxed{" : "");
      for (int i = random.nextInt(14); i > 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      text.append('}');
      assertFalse(BOXED.grade("987654321", text.toString()).correct());
      assertFalse(ANY.grade("987654321", text.toString()).correct());
    }
  }
}
