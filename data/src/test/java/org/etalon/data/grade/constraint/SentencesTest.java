package org.etalon.data.grade.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentencesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "2 | One is here. Two is there.",
        "3 | Really?! No way! Yes",
        "1 | Dr. Smith met J. R. Jones in St. Louis on Jan. 5.",
        "1 | It costs $3.50 at example.com, e.g. in the U.S. store.",
        "2 | He lives in the U.S. The store is open.",
        "1 | Nothing else matters... or so they say.",
        "2 | Nothing matters... The rest is noise.",
        "2 | She said, \"Go.\" Then she left.",
        "2 | She said, “Go.” Then she left.",
        "2 | It ended (at last.) Then it began.",
        "1 | **All is bold.**",
        "4 | 1. First item. 2. Second item.",
        "1 | He arrived at 7. the others came later.",
        "1 | no full stop⏎nor here",
        "0 | ` `",
        "2 | so am I. Then we left.",
      })
  void sentencesAreCounted(int number, String text) {
    assertEquals(number, Sentences.of(text.replace('⏎', '\n')).size(), text);
  }

  @Test
  void sentencesKeepTheirMarks() {
    assertEquals(
        List.of("\"Go!\"", "He went.", "Then"),
        Sentences.of(" \"Go!\" He\u00a0went.  Then ").stream()
            .map(s -> s.replace('\u00a0', ' '))
            .toList());
  }

  @Test
  void wordsAreWhatAReaderSees() {
    assertEquals(
        List.of(
            "Don't", "be", "a", "well-known", "U.S", "man", "at", "3.14", "1,000", "or", "9:30"),
        Tokens.of("Don't be a \"well-known\" U.S. man--at 3.14, 1,000 or... 9:30!"));
    assertEquals(List.of("naïve", "हिन्दी", "x_1"), Tokens.of("«naïve» हिन्दी 😀 x_1"));
    assertEquals(4, Tokens.capitals("I'm in NASA's EU office: DON'T go O'er"));
  }
}
