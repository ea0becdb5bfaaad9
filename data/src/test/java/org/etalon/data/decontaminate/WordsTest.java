package org.etalon.data.decontaminate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @Test
  void punctuationSymbolsAndCaseAreDropped() {
    assertEquals(
        List.of("let", "x", "be", "a", "root", "of", "x", "2", "1"),
        Words.of("Let  $x$ be a ROOT,\n of (x^2 - 1)!"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x+1=2 | x + 1 = 2",
        "2x | 2 x",
        "\\frac{1}{2} | \\frac {1} { 2 }",
        "a\\,b\\quad c | a b c",
        "a\\hspace{1cm}b | a b",
        "\uff21\uff22\uff23 | abc",
        "x\u00b2 | x2",
        "\u00c9tude | E\u0301TUDE",
      })
  void spacingAndFormDoNotMatter(String one, String other) {
    assertEquals(Words.of(one), Words.of(other));
  }

  @Test
  void ideographsAreWordsOfTheirOwn() {
    assertEquals(List.of("求", "和", "3"), Words.of("求和 3。"));
  }

  @Test
  void textOfSymbolsHasNoWords() {
    assertEquals(List.of(), Words.of("?!$$ --- "));
  }
}
