package org.etalon.data.grade;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;

class MathGraderPropertyTest {
  private static final Grader BOXED = new MathGrader();
  private static final Grader ANY = new MathGrader(false);

  @Property(tries = 300, seed = "1")
  void aNumberIsTheSameInEverySpelling(
      @ForAll @IntRange(min = -999_999, max = 999_999) int hundredths) {
    BigDecimal decimal = BigDecimal.valueOf(hundredths, 2);
    for (String spelling :
        List.of(
            decimal.toPlainString(),
            "\\frac{" + hundredths + "}{100}",
            "$" + hundredths + "/100$",
            hundredths + "\\%",
            "x = " + decimal + "\\text{ cm}",
            "%,.2f".formatted(decimal),
            "\\mathbf{" + decimal + "}")) {
      Verdict verdict = BOXED.grade(decimal.toPlainString(), "\\boxed{" + spelling + "}");
      Assertions.assertTrue(verdict.correct(), decimal + " as " + spelling);
      Assertions.assertFalse(
          BOXED
              .grade(decimal.add(BigDecimal.ONE).toPlainString(), "\\boxed{" + spelling + "}")
              .correct(),
          decimal + " as " + spelling);
    }
  }

  @Property(tries = 300, seed = "1")
  void aChangedDigitIsWrong(
      @ForAll @StringLength(min = 1, max = 40) @CharRange(from = '1', to = '9') String digits,
      @ForAll @IntRange(min = 0, max = 39) int at) {
    Assume.that(at < digits.length());
    char other = digits.charAt(at) == '9' ? '1' : (char) (digits.charAt(at) + 1);
    String changed = digits.substring(0, at) + other + digits.substring(at + 1);
    for (String frame : List.of("%s", "$%s$", "\\frac{%s}{7}", "\\sqrt{%s}", "(%s,1)", "x<%s")) {
      String gold = frame.formatted(digits);
      String answer = frame.formatted(changed);
      Assertions.assertTrue(BOXED.grade(gold, "\\boxed{" + gold + "}").correct(), gold);
      Assertions.assertFalse(
          BOXED.grade(gold, "\\boxed{" + answer + "}").correct(), gold + " and " + answer);
    }
  }

  @Provide
  Arbitrary<String> soup() {
    Arbitrary<String> markup =
        Arbitraries.of(
            "\\boxed{",
            "\\frac",
            "\\sqrt[",
            "\\text{",
            "\\left(",
            "\\right]",
            "\\begin{pmatrix}",
            "\\end{pmatrix}",
            "\\cup",
            "\\pm",
            "\\infty",
            "\\overline{",
            "\\sum_{",
            "\\sin",
            "^{",
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "|",
            "$",
            "$$",
            "\\(",
            "\\)",
            "\\\\",
            "&",
            ",",
            ";",
            ":",
            "=",
            "<",
            "\\le",
            "\\approx",
            "!",
            "%",
            "\\%",
            "'",
            "_",
            "-",
            "+",
            "*",
            "/",
            "^",
            "1",
            "23",
            "0.5",
            ".",
            "x",
            "y",
            "and",
            "or",
            "cm",
            "answer is",
            "\n",
            " ",
            "\u0000",
            "π");
    return Arbitraries.oneOf(
        markup.list().ofMaxSize(30).map(parts -> String.join("", parts)),
        Arbitraries.strings().ascii().ofMaxLength(60),
        Arbitraries.strings().all().ofMaxLength(60));
  }

  @Property(tries = 2000, seed = "1")
  void anyTextIsGradedTheSameTwice(@ForAll("soup") String gold, @ForAll("soup") String response) {
    Assume.that(!gold.isBlank());
    assertTheSameTwice(ANY, gold, response);
    assertTheSameTwice(BOXED, gold, "\\boxed{" + response + "}");
  }

  private static void assertTheSameTwice(Grader grader, String gold, String response) {
    Verdict verdict = grader.grade(gold, response);
    Verdict again = grader.grade(gold, response);
    // On a machine that is too busy the time may run out before the work does.
    if (!verdict.reason().startsWith("too slow") && !again.reason().startsWith("too slow")) {
      Assertions.assertEquals(verdict, again);
    }
  }
}
