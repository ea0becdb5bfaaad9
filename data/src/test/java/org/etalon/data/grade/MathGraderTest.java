package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MathGraderTest {
  private static final Grader BOXED = new MathGrader();
  private static final Grader ANY = new MathGrader(false);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1/2 | 0.5",
        "1/2 | .50",
        "1/2 | \\frac{1}{2}",
        "1/2 | \\dfrac{2}{4}",
        "1/2 | \\tfrac12",
        "1/2 | \\frac1{2}",
        "1/2 | 50\\%",
        "1/2 | 50 %",
        "1/2 | 50 \\text{ percent}",
        "1/2 | 2^{-1}",
        "-7/3 | -\\frac{7}{3}",
        "-7/3 | \\frac{-7}{3}",
        "-7/3 | -2\\frac{1}{3}",
        "-7/3 | −7/3",
        "5/2 | 2\\frac{1}{2}",
        "5/2 | 2 1/2",
        "1234567 | 1,234,567",
        "1234567 | 1{,}234{,}567",
        "1234567 | 1\\,234\\,567",
        "1234567 | 1 234 567",
        "1234.5 | 1,234.50",
        "5 | x=5",
        "5 | x = 5.",
        "5 | $5$",
        "5 | \\(5\\)",
        "5 | 005",
        "5 | +5",
        "5 | \\text{5}",
        "5 | \\text{5 cm}",
        "5 | 5\\text{ m/s}",
        "5 | 5.",
        "5 | \\left(2+3\\right)",
        "5 | 5^\\circ",
        "5 | 5 \\text{ cm}^2",
        "5 | 5\\,\\mathrm{cm}",
        "5 | 5 cm",
        "5 | 5cm^2",
        "5 | 5 apples",
        "5 | 5 square units",
        "5 | \\$5",
        "5 | \\boxed{5}",
        "5 | \\sqrt{25}",
        "5 | 2\\sqrt{4}+1",
        "x=5 | 5",
        "x = 5 | x=5",
        "14 | 2\\cdot 7",
        "14 | 2 \\times 7",
        "14 | 2(3+4)",
        "14 | (2)(7)",
        "14 | 28 \\div 2",
        "14 | 20-2*3",
        "14 | 2+3*4",
        "-4 | -2^2",
        "4 | (-2)^2",
        "4 | 2**2",
        "512 | 2^3^2",
        "1024 | 2^{10}",
        "1/1024 | 2^{-10}",
        "3/2 | 1-(-1/2)",
        "8 | 16/4*2",
        "\\frac{3}{4} | 0.75",
        "$\\boxed{12}$ | 12",
        "033 | 33",
        "Yes | \\text{yes}",
        "(1, 2) | \\left(1,2\\right)",
        "x^2+1 | x^{2} + 1",
        "\\frac{x}{2} | \\dfrac{x}{2}",
        "2^{100000} | 2^{100000}",
        "125 | 125\\textnormal{ miles}",
        "32349 | 32,\\! 349",
        "28\\% | 28 percentage",
        "1000.99 | 1000,99",
        "0,111 | 0.111",
        "1/3 | 0.\\overline{3}",
        "611/495 | 1.2\\overline{34}",
        "1/12 | 0.0833333333333333",
        "x = 1/3 | x = \\frac{2}{6} \\approx 0.333",
        "3.14 | \\approx 3.14",
        "5 | 2+3 = 5",
        "1 = a = x = 0 | 0",
        "35\\text{ cm}, 4 | {35 cm,4}",
        "ellipse | \\text{an ellipse}",
      })
  void sameAnswerInOtherFormsIsRight(String gold, String answer) {
    Verdict verdict = BOXED.grade(gold, "So the answer is $\\boxed{" + answer + "}$.");
    assertTrue(verdict.correct(), gold + " against " + verdict);
    assertEquals(answer, verdict.extracted());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1/3 | 0.33",
        "1/3 | 0.333333",
        "1/3 | 0.33333333333333",
        "1/3 | 0.3333333333333334",
        "1/2 | 50",
        "50 | 50\\%",
        "2 | 2x",
        "3 | 3ab",
        "3 | 3 \\pi",
        "3 | 3 pi",
        "2 | 2\\text{i}",
        "2 | 2\\mathrm{e}",
        "5 | \\text{not } 5",
        "5 | 5 \\text{ or } 6",
        "2 | 2 or 3",
        "2 | 2 \\text{ or more}",
        "5 | 5 million",
        "2 | 1,2",
        "12 | 1,2",
        "1234 | 12,34",
        "12345 | 12 345 6",
        "12 | 1 2",
        "3 | 2\\frac{3}{2}",
        "7/2 | 2\\frac{3}{2}",
        "5 | -5",
        "5 | 5!",
        "5 | y<5",
        "x=5 | y=5",
        "5 | 4=5=5",
        "5 | x=4",
        "3 | (1+2]",
        "3 | {1+2)",
        "3 | 1+2)",
        "3 | (1+2",
        "3 | 3+",
        "3 | *3",
        "1/2^99 | 1/2^98",
        "1 | 0^0",
        "1 | 1/0",
        "2 | \\sqrt{5}",
        "0 | \\sqrt{-1}",
        "1+\\sqrt{5}/2 | (1+\\sqrt{5})/2",
        "Yes | No",
        "x | X",
        "(1,2) | (2,1)",
        "32349 | 32, 349",
        "12.3 | 12,4",
        "5 | ``",
        "5 | \\text{cm}",
      })
  void otherAnswerIsWrong(String gold, String answer) {
    Verdict verdict = BOXED.grade(gold, "\\boxed{" + answer + "}");
    assertFalse(verdict.correct(), gold + " against " + verdict);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "first \\boxed{1}, then \\boxed{2} | 2",
        "\\boxed{\\frac{1}{2}} and so on | \\frac{1}{2}",
        "\\boxed{\\{1\\}} | \\{1\\}",
        "\\boxed {7} | 7",
        "\\fbox{7} | 7",
        "{{{ \\boxed{7} | 7",
        "}}} \\boxed{7} }} | 7",
        "\\boxed{7} and \\boxed{8 | 7",
        "\\boxed{x = \\boxed{5}} | x = \\boxed{5}",
        "\\\\boxed{7} | 7",
        "\\\\\\boxed{7} | 7",
      })
  void lastClosedBoxIsTheAnswer(String response, String extracted) {
    assertEquals(extracted, BOXED.grade("0", response).extracted());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "The answer is 42.",
        "The answer is $42$. I hope it is correct.",
        "**Answer:** 42",
        "final answer: \\(42\\)",
        "Final Answer = x = 42",
        "The answer is 7. No, the answer is 42 apples.",
        "we add 40 and 2 to get 42",
        "we add 40 and 2 to get 42.",
        "40 and 2 make $40+2$ apples",
        "in $7$ days she has 42 apples",
        "from \\(7\\) to \\( 42 \\).",
        "from $7$ to \\[ 42 \\]",
        "from $7$ to $$42$$",
        "42",
        "(42)",
      })
  void unboxedAnswerCountsOnlyWhereABoxIsNotRequired(String response) {
    assertTrue(ANY.grade("42", response).correct(), ANY.grade("42", response).toString());
    assertFalse(BOXED.grade("42", response).correct());
    assertEquals("", BOXED.grade("42", response).extracted());
  }

  @Test
  void aResponseThatIsNothingButAnAnswerIsReadWhole() {
    assertTrue(ANY.grade("(2,1)", "(2, 1)").correct());
    assertTrue(ANY.grade("2x", "x+x").correct());
    assertTrue(ANY.grade("\\{1,2\\}", "\\{2,1\\}").correct());
    assertTrue(ANY.grade("Yes", "yes").correct());
    assertFalse(ANY.grade("1", "(2,1)").correct());
    assertFalse(ANY.grade("No", "yes").correct());
  }

  @Test
  void boxWinsOverWhatIsSaidAfterIt() {
    assertTrue(ANY.grade("42", "\\boxed{42}, the answer is 7").correct());
  }

  @Test
  void fractionsAreFoundWithoutABox() {
    assertTrue(ANY.grade("1/2", "so we end at \\frac{1}{2}").correct());
    assertTrue(ANY.grade("1/2", "so we end at 1/2").correct());
    assertTrue(ANY.grade("1200", "so we end at 1,200 of them").correct());
  }

  @Test
  void whatIsStatedLastCounts() {
    assertTrue(ANY.grade("100\\%", "with $\\frac{2}{1}$ it increases by 100%.").correct());
    assertTrue(ANY.grade("12", "for $d=\\frac{90}{n}$ there are 12 of them.").correct());
    assertFalse(ANY.grade("2", "AZYUK2A").correct());
    assertFalse(ANY.grade("2", "it is x_2 of them").correct());
  }

  @Test
  void aGoldBoxThatIsNotClosedIsReadToItsEnd() {
    assertTrue(ANY.grade("the answer is \\boxed{\\frac{1}{2}, 3", "3, 0.5").correct());
  }

  @Test
  void formulaIsReadAsAWholeNotByItsLastNumber() {
    assertFalse(ANY.grade("2", "$\\frac{1+\\sqrt{5}}{2}$").correct());
    assertFalse(ANY.grade("840", "-(840)").correct());
    assertFalse(ANY.grade("840", "so $2\\cdot(840)$").correct());
    assertFalse(ANY.grade("840", "a lonely $ and nothing").correct());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "2,3 | \\boxed{2} and \\boxed{3}",
        "2,3 | $$\\boxed{3},\\ \\boxed{2}$$",
        "k=4, n=2 | $\\boxed{k = 4} \\quad \\text{and} \\quad \\boxed{n = 2}$",
        "5 | so \\boxed{5}. $\\boxed{5}$",
        "28\\% | $\\boxed{28}$ pct",
        "1,2 | \\boxed{1} papers and \\boxed{2} bins",
        "2 | \\boxed{1} no no no \\boxed{2}",
        "a=1, b=2 | \\(a = \\boxed{1} \\) and \\( b = \\boxed{2} \\)",
        "28\\% | \\(\\boxed{28}\\) \\%",
        "(1,2) | \\boxed{(x,y)=(1,2)}",
        "[-2,7] | \\boxed{-2 \\le x \\le 7}",
        "$$\\boxed{2}, \\boxed{3}$$ | \\boxed{3,2}",
        "The gold answer is $\\frac{1}{2}$. | \\boxed{0.5}",
        "14{,}916 | \\boxed{14916}",
      })
  void boxesSideBySideAreOneAnswer(String gold, String response) {
    assertTrue(BOXED.grade(gold, response).correct(), BOXED.grade(gold, response).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "2 | \\boxed{2} or \\boxed{3}",
        "3 | \\boxed{2}, \\boxed{3}",
        "28 | $\\boxed{28}$ percent",
        "[-2,7] | \\boxed{-2 < x \\le 7}",
        "12 | \\boxed{1,2}",
      })
  void severalAnswersAreNotOneOfThem(String gold, String response) {
    assertFalse(BOXED.grade(gold, response).correct(), BOXED.grade(gold, response).toString());
  }

  @Test
  void finalAnswerAfterTheBoxesGoesBeforeThem() {
    String response = "interest $\\boxed{255}$. Final Answer: The final answer is $10,455$. I hope";
    assertTrue(ANY.grade("10455", response).correct());
    assertFalse(BOXED.grade("10455", response).correct());
    assertTrue(ANY.grade("120", "The answer is: the volume of $ABC$ is 120.").correct());
  }

  @Test
  void nothingToExtractIsWrong() {
    assertFalse(ANY.grade("1", "no idea").correct());
    assertFalse(ANY.grade("1", "").correct());
    assertFalse(BOXED.grade("1", "").correct());
  }

  @Test
  void blankGoldIsRefused() {
    assertThrows(DataException.class, () -> BOXED.grade(" ", "\\boxed{1}"));
  }
}
