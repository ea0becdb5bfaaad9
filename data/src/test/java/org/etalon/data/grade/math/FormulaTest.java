package org.etalon.data.grade.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaTest {
  private static boolean same(String gold, String answer) {
    Formula wanted = Formula.read(gold).orElseThrow(() -> new AssertionError("unread: " + gold));
    Formula got = Formula.read(answer).orElseThrow(() -> new AssertionError("unread: " + answer));
    return wanted.isSaidBy(got, new Budget(Duration.ofSeconds(20)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\\frac{x+2}{7} | \\frac{x}{7}+\\frac{2}{7}",
        "(x+1)^2 | x^2+2x+1",
        "2\\sin b\\cos a | 2 \\cos(a) \\sin(b)",
        "\\sin^2 x + \\cos^2 x | 1",
        "\\sqrt{8} | 2\\sqrt2",
        "\\frac{1}{\\sqrt2} | \\frac{\\sqrt{2}}{2}",
        "\\sqrt[3]{x}^2 | x^{2/3}",
        "\\frac94\\pi | 2.25\\pi",
        "e^{i\\pi} | -1",
        "\\ln(x^2) | 2\\ln x",
        "\\log_2 8 | 3",
        "10^{\\frac{-5+\\sqrt{13}}{6}} | 10^{-\\frac{5 - \\sqrt{13}}{6}}",
        "\\binom{5}{2} | 10",
        "5! | 120",
        "\\lvert -3 \\rvert | 3",
        "\\lfloor 2.7 \\rfloor | 2",
        "2^{\\frac12} | \\sqrt 2",
        "3 + 2i | 2i+3",
        "\\sin^{-1} x | \\arcsin x",
        "\\sum_{k=0}^{n-1} F_k F_{n-k-1} | \\sum_{k=0}^{n-1} F_{n-k-1} F_k",
        "f(x+1) | f(1+x)",
        "(1,\\frac92) | (1,4.5)",
        "1,2,3 | 3, 2 \\text{ and } 1",
        "\\{1,2\\} | \\{2,1\\}",
        "2,3 | \\{3,2\\}",
        "(11,7) or (7,11) | (7,11),(11,7)",
        "10 \\pm 2 | 12, 8",
        "x = \\pm 3 | 3, -3",
        "x=5 | 5",
        "(p,q)=(3,2) | (3,2)",
        "(p,q)=(3,2) | [3,2]",
        "f(x)=x^2 | x^2",
        "x_1 = 2, x_2 = 3 | 3, 2",
        "k = 45, n = 2 | n=2, k=45",
        "n=2,3,4 | 2,3,4",
        "x = 11 | x = 5+5+1 = 11",
        "34x+45y=20 | -34x-45y=-20",
        "2x+4y-3=0 | y=-\\frac12x+\\frac34",
        "x \\le 5 | 5 \\ge x",
        "x<1 | -x>-1",
        "x \\neq 5 | x != 5",
        "[0,1) \\cup [1,2] | [0,2]",
        "x \\in [-2,7] | -2 \\le x \\le 7",
        "(-\\infty,3) | x<3",
        "\\mathbb{R} \\setminus \\{0\\} | (-\\infty,0)\\cup(0,\\infty)",
        "\\{-1\\} \\cup [0,7) | [0,7)\\cup\\{-1\\}",
        "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix} | \\begin{bmatrix}1&2\\\\3&\\frac82\\end{bmatrix}",
        "\\begin{pmatrix}1&0\\\\0&1\\end{pmatrix} | \\begin{pmatrix}0&1\\\\1&0\\end{pmatrix}\\begin{pmatrix}0&1\\\\1&0\\end{pmatrix}",
        "\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix} | -2",
        "3:4 | 6:8",
        "7:32 | S_{A}:S_{B}=7:32",
        "2\\frac{1}{2} | \\frac{5}{2}",
        "1011_2 | 1011_{2}",
        "\\text{e} | e",
        "30^\\circ | 30",
        "x + -3 | x-3",
        "\\frac{\\sqrt{6}+\\sqrt2}{4} | \\frac{\\sqrt{2+\\sqrt3}}{2}",
        "\\frac{1}{1+\\sqrt[3]{2}+\\sqrt[3]{4}} | \\sqrt[3]{2}-1",
        "\\sqrt{3+2\\sqrt2} | 1+\\sqrt2",
        "\\frac{x^2-1}{x-1} | x+1",
        "\\frac{n!}{k!(n-k)!} | \\binom{n}{k}",
        "\\binom{n+1}{2} | \\frac{n(n+1)}{2}",
        "\\sum_{k=1}^{10} k^2 | 385",
        "\\cos 2x | 1-2\\sin^2 x",
        "\\arctan 1 | \\frac{\\pi}{4}",
        "\\cos 15^\\circ | \\cos\\frac{\\pi}{12}",
        "\\frac{-1\\pm\\sqrt5}{2} | -\\frac12\\pm\\frac{\\sqrt5}{2}",
        "\\frac{-1\\pm\\sqrt5}{2} | \\frac{-1-\\sqrt5}{2}, \\frac{-1+\\sqrt5}{2}",
        "1\\leq\\lvert z\\rvert\\leq \\frac{3}{2} | z \\in [-\\frac32,-1]\\cup[1,\\frac32]",
        "0<f(x)<1 | (0,1)",
        "x^2 < 4 | (-2,2)",
        "x^2 \\ge 2 | (-\\infty,-\\sqrt2]\\cup[\\sqrt2,\\infty)",
        "2x+1>5 | x>2",
        "x<0 or x>3 | (-\\infty,0)\\cup(3,\\infty)",
        "x>-1 and x<2 | -1<x<2",
        "\\{x \\mid x>2\\} | (2,\\infty)",
        "(x,y)=(1,2) | y=2, x=1",
        "(x,y)=(1,2) | (y,x)=(2,1)",
        "f(x)=x^2+1 | f(t)=1+t^2",
        "AB=4, CD=5 | 4, 5",
        "\\frac{NO}{BO}=\\frac{1}{\\sqrt6} | \\frac{1}{\\sqrt6}",
        "\\lvert AB\\rvert=1 | 1",
        "p=5,q=2;p=7,q=2 | (5,2),(7,2)",
        "(1,3) | 1,3",
        "1:2:3 | 2:4:6",
        "x^2/4+y^2/3=1 | 3x^2+4y^2=12",
        "xy=3 | y=\\frac3x",
        "x=2 or x=3 | x_1=2, x_2=3",
        "2k\\pi | 2\\pi k, k\\in\\mathbb{Z}",
        "\\zeta(2)=\\frac{\\pi^2}{6} | \\frac{\\pi^2}{6}",
        "4.123105625617661 | \\sqrt{17}",
        "√13 | \\sqrt{13}",
        "{10 \\choose 3} | 120",
        "4210_{\\text{five}} | 4210_5",
      })
  void sameInOtherWords(String gold, String answer) {
    assertTrue(same(gold, answer), gold + " against " + answer);
    assertTrue(same(answer, gold), answer + " against " + gold);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\\frac{1+\\sqrt5}{2} | 1+\\frac{\\sqrt5}{2}",
        "\\frac{1}{2^{99}} | \\frac{1}{2^{98}}",
        "2^{1000} | 2^{1000}+1",
        "10^{30} | 10^{30}+1",
        "\\pi | 3.14159",
        "\\sqrt2 | 1.41421356",
        "0.5 | 50",
        "28\\% | 28",
        "\\sqrt{x^2} | x",
        "x | y",
        "x | X",
        "x_1 | x_2",
        "(1,2) | (2,1)",
        "(0,9) | [0,9)",
        "(0,1) | (0,1.5)",
        "1,2 | 1,2,3",
        "2,3 | 23",
        "[0,1] | [0,1)",
        "[0,1) \\cup (1,2] | [0,2]",
        "x<5 | x>5",
        "x \\le 5 | x<5",
        "x<5 | 5",
        "x=5 | y=5",
        "7=11a+c | 11a+c",
        "a+3z=0 | 0",
        "k=45, n=2 | k=2, n=45",
        "10 \\pm 2 | 12",
        "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix} | \\begin{pmatrix}1&3\\\\2&4\\end{pmatrix}",
        "\\begin{pmatrix}1&2\\end{pmatrix} | \\begin{pmatrix}1\\\\2\\end{pmatrix}",
        "3:4 | 4:3",
        "1011_2 | 1011_3",
        "1011_2 | 1011",
        "\\sin x | \\sin(x)+10^{-6}",
        "\\infty | -\\infty",
        "\\infty | 10^{308}",
        "x^2 | x^2+0.0000001",
        "f(x) | f(y)",
        "f(2x) | 2f(x)",
        "0 | 10^{-30}",
        "\\sqrt2 | \\sqrt2+10^{-50}",
        "\\sin 1 | \\sin 1+10^{-100}",
        "\\frac{1}{2^{99}}\\pi | \\frac{1}{2^{98}}\\pi",
        "2^{100000} | 2^{100000}+1",
        "\\sqrt2 | 1.4142135623731",
        "\\sqrt{17} | 4.123105625617662",
        "[0,1) | [0,1+10^{-30})",
        "a_3=2, a_{37}=19 | a_{30}=19, a_3=2",
        "(3,2,7) | (3,2,7]",
        "(p,q)=(3,2) | (3,2]",
        "AB=4, CD=5 | 5, 4",
        "p=5,q=2;p=7,q=2 | (5,2),(2,7)",
        "(1,3) | 3,1",
        "1:2:3 | 3:2:1",
        "x^2<4 | (-2,2]",
        "x^2<4 | x^2>4",
        "1 \\pm \\sqrt2 | 1+\\sqrt2",
        "\\sum_{k=0}^{n} k | \\sum_{k=1}^{n+1} k",
      })
  void somethingElse(String gold, String answer) {
    assertEquals(false, same(gold, answer), gold + " against " + answer);
    assertEquals(false, same(answer, gold), answer + " against " + gold);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2\\frac{3}{2}",
        "1 2",
        "not 5",
        "2 \\text{ or more}",
        "(1",
        "1)",
        "\\frac{1}",
        "\\begin{pmatrix}1&2\\\\3\\end{pmatrix}",
        "\\begin{cases}1\\end{cases}",
        "x +",
        "* 3",
        "\\sqrt[0]{2}",
        "\u0000",
        "5 million",
        "2 or",
      })
  void notAFormula(String text) {
    assertEquals(Optional.empty(), Formula.read(text));
  }

  static List<String> hostile() {
    String tower = "9^{".repeat(40) + "9" + "}".repeat(40);
    String sets =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    IntStream.range(0, 20)
                        .mapToObj(j -> "x^{" + i + "}" + j)
                        .collect(Collectors.joining(",", "\\{", "\\}")))
            .collect(Collectors.joining(","));
    return List.of(
        tower,
        "9^9^9^9^9",
        "(((9!)!)!)!",
        "\\binom{100000}{50000}",
        "(x+y+z+w+1)^{60}",
        "\\sum_{k=1}^{200}\\sum_{j=1}^{200}\\sum_{l=1}^{200} k^{j^{l}}",
        "\\prod_{k=1}^{200}(x+k)",
        "3" + "!".repeat(2000),
        "5" + "%".repeat(2000),
        "f" + "'".repeat(2000),
        "1" + "/x".repeat(1900),
        "1" + "\\pm x".repeat(700),
        "(0,1)" + "\\cup(0,1)".repeat(400),
        "\\begin{pmatrix}" + ("x&".repeat(11) + "x\\\\").repeat(12) + "\\end{pmatrix}".repeat(3),
        "\\begin{vmatrix}" + ("x+1&".repeat(4) + "y\\\\").repeat(5) + "\\end{vmatrix}",
        "(1/3)^{4000}+(1/7)^{4000}+(1/11)^{4000}",
        "e^{e^{e^{e^{e}}}}",
        "(x+1)^{100000000}",
        "{".repeat(4000),
        "\\frac{".repeat(600),
        "-".repeat(4000) + "1",
        "\\sqrt{".repeat(500) + "2" + "}".repeat(500),
        "(".repeat(2000) + "1" + ")".repeat(2000),
        "1,".repeat(1900) + "1",
        sets.substring(0, Math.min(sets.length(), 4000)),
        "|".repeat(3000),
        "x^".repeat(1500) + "2",
        "\\begin{matrix}".repeat(200),
        "1\u0000\u0000",
        "\\text{" + "a ".repeat(1500) + "}",
        "x".repeat(1 << 20));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileTextsEndSoon(String text) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> Formula.read(text).ifPresent(formula -> ends(formula)));
  }

  private static void ends(Formula formula) {
    try {
      formula.isSaidBy(formula, new Budget(Duration.ofSeconds(20)));
    } catch (WorkException e) {
      assertTrue(e.getMessage().contains("to compare"), e.getMessage());
    }
  }

  @Test
  void aLongListIsComparedInOrder() {
    String list =
        IntStream.range(0, 200).mapToObj(Integer::toString).collect(Collectors.joining(","));
    assertTrue(same(list, list));
  }
}
