package org.etalon.data.grade.constraint;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All rules at once; the limit is far above what is needed and tells bounded from stuck. */
class HostileTextTest {
  private static final int MEGABYTE = 1 << 20;
  private static final List<NamedRule> RULES =
      RulesTest.cases().stream().map(one -> RuleReader.read(one.gold()).get(0)).toList();

  static Stream<String> pieces() {
    return Stream.of(
        "a",
        " ",
        "\n",
        "\n\n",
        "*",
        "**",
        "***",
        "* ",
        "*\n",
        "-",
        "- a\n",
        "[",
        "]",
        "[]",
        "{",
        "{\"a\":",
        "<",
        "<<",
        ">>",
        "<<a>>\n",
        "\"",
        "'",
        ".",
        "...",
        "?!",
        "a.",
        "A. ",
        "1.",
        "1. ",
        "p.",
        "P.S",
        "p.p.s",
        "Section",
        "Section 1",
        "The ",
        "The pen ",
        "The pen\n",
        "so ",
        "is",
        "\u0000",
        "\ud83d",
        "\udc00",
        "\ud83d\ude00",
        "\u0130",
        "e\u0301",
        "```",
        "```json",
        "</think>",
        "The cat. ",
        "a-a",
        "U.S.A.",
        "\r\n",
        "\u2028");
  }

  @ParameterizedTest
  @MethodSource("pieces")
  void repeatedPieceIsJudgedSoon(String piece) {
    String text = piece.repeat(MEGABYTE / 8 / piece.length());
    assertTimeoutPreemptively(
        Duration.ofMinutes(2), () -> RULES.forEach(rule -> rule.rule().complaint(text)));
  }

  @Test
  void looseVerdictOfALargeTextComesSoon() {
    String text = "* The quick, brown fox. \"Jumps\" <<over>> [it]\n".repeat(MEGABYTE / 46);
    assertTimeoutPreemptively(Duration.ofMinutes(2), () -> ConstraintGrader.results(RULES, text));
  }

  @Test
  void randomMarkupNeverThrows() {
    List<String> all = pieces().toList();
    Random random = new Random(11);
    for (int n = 0; n < 100; n++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(20); i > 0; i--) {
        text.append(all.get(random.nextInt(all.size())));
      }
      ConstraintGrader.results(RULES, text.toString());
    }
  }
}
