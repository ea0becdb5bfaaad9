package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionPromptTest {
  private static final String PROMPT =
      "What is 2+2?\n\nA. 4\nB. 3\nC. 5\nD. 6\n\nPut your choice in \\boxed{}.";

  @Test
  void promptIsTakenApartAndPutTogether() {
    OptionPrompt read = Options.inPrompt(PROMPT);
    assertEquals("What is 2+2?\n\n", read.prefix());
    assertEquals(List.of("4", "3", "5", "6"), read.texts());
    assertEquals("\n\nPut your choice in \\boxed{}.", read.suffix());
    assertEquals(PROMPT, read.text());
  }

  @Test
  void rightOptionIsFollowedToItsNewPlace() {
    OptionPrompt read = Options.inPrompt(PROMPT);
    for (int i = 0; i < 50; i++) {
      var shuffled = read.shuffled('A', "p" + i, 7);
      assertEquals(shuffled, read.shuffled('A', "p" + i, 7));
      OptionPrompt again = Options.inPrompt(shuffled.prompt());
      assertEquals("4", again.options(shuffled.gold()).texts().get(shuffled.gold() - 'A'));
      assertEquals(Set.copyOf(read.texts()), Set.copyOf(again.texts()));
      assertEquals(read.suffix(), again.suffix());
    }
    Set<Character> places =
        IntStream.range(0, 100)
            .mapToObj(i -> read.shuffled('A', "p" + i, 7).gold())
            .collect(Collectors.toSet());
    assertEquals(Set.of('A', 'B', 'C', 'D'), places);
  }

  @Test
  void orderInTheFileDoesNotMatter() {
    OptionPrompt other = Options.inPrompt(PROMPT.replace("A. 4\nB. 3", "A. 3\nB. 4"));
    assertEquals(Options.inPrompt(PROMPT).shuffled('A', "p", 3), other.shuffled('B', "p", 3));
    assertNotEquals(
        IntStream.range(0, 20).mapToObj(i -> other.shuffled('A', "p" + i, 3).gold()).toList(),
        IntStream.range(0, 20).mapToObj(i -> other.shuffled('A', "p" + i, 4).gold()).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Q\n(A) one\n(B) two\n(C) three",
        "Q\nA) one\nB) two\nC) three",
        "Q\nA: one\nB: two\nC: three",
        "Q\n[A] one\n[B] two\n[C] three",
        "Q\n  A. one\n  B. two\n  C. three\n",
        "Q\n**A.** one\n**B.** two\n**C.** three",
        "Q\r\nA. one\r\nB. two\r\nC. three\r\nReply.",
        "Q\nA. one\n\nB. two\n\nC. three\n\nReply with a letter.",
        "Q\nA. one\nB. two\nC. three\nReply with a letter.",
        "A. first list\nB. second\nQ\nA. one\nB. two\nC. three",
        "A. first list\nB. second\nC. third\nQ\nA. one\nB. two\nC. three",
        "E. coli is\nA. one\nB. two\nC. three",
        "Q (A) is not a line\nA. one\nB. two\nC. three",
      })
  void optionsOfEveryForm(String prompt) {
    OptionPrompt read = Options.inPrompt(prompt);
    assertEquals(List.of("one", "two", "three"), read.texts());
    assertEquals(prompt, read.text());
  }

  @Test
  void optionsMayGoOnOverLinesAndParagraphs() {
    OptionPrompt lines = Options.inPrompt("Q\nA. one\n  more\nB. two\nC. three\n  more\n\nReply.");
    assertEquals(List.of("one\n  more", "two", "three\n  more"), lines.texts());
    assertEquals("\n\nReply.", lines.suffix());
    OptionPrompt paragraphs =
        Options.inPrompt("Q\nA. one\n\nmore\n\nB. two\n\nmore\n\nC. three\n\nmore\n\nReply.");
    assertEquals("three\n\nmore", paragraphs.texts().get(2));
    assertEquals("\n\nReply.", paragraphs.suffix());
    var error =
        assertThrows(
            DataException.class,
            () -> Options.inPrompt("Q\nA. one\n\nmore\nB. two\nC. three\n\nReply."));
    assertTrue(error.getMessage().contains("from 1 to 2 paragraphs"), error.getMessage());
  }

  @Test
  void fewAndManyOptions() {
    assertEquals(2, Options.inPrompt("Q\nA. yes\nB. no").texts().size());
    String ten =
        IntStream.range(0, 10)
            .mapToObj(i -> (char) ('A' + i) + ") o" + i)
            .collect(Collectors.joining("\n"));
    assertEquals(10, Options.inPrompt("Q\n" + ten).texts().size());
    for (String none : List.of("Q", "Q\nA. one", "Q\nB. one\nC. two", "Q A. one B. two", "")) {
      assertThrows(DataException.class, () -> Options.inPrompt(none), none);
    }
    assertThrows(DataException.class, () -> Options.inPrompt(PROMPT).options('E'));
    assertThrows(DataException.class, () -> Options.inPrompt(PROMPT).shuffled('E', "p", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "All of the above",
        "None of the above",
        "Both A and B",
        "A, B",
        "(A) or (B)",
        "A & B",
        "Options A is wrong",
        "neither A nor B",
        "two of the preceding"
      })
  void optionsThatPointAtOthersStay(String points) {
    var shuffled = Options.inPrompt("Q\nA. x\nB. y\nC. " + points).shuffled('A', "p1", 5);
    assertFalse(shuffled.moved());
    assertEquals('A', shuffled.gold());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Vitamin A",
        "A larger one",
        "does not code for a stop",
        "values above 3",
        "the C-terminus",
        "drift and decay",
        "A",
        "E. coli"
      })
  void lettersThatNameNoOptionAreNoReasonToStay(String text) {
    OptionPrompt read = Options.inPrompt("Q\nA. x\nB. y\nC. " + text);
    assertTrue(IntStream.range(0, 20).anyMatch(i -> read.shuffled('A', "p" + i, 5).gold() != 'A'));
  }

  @Provide
  Arbitrary<List<String>> options() {
    return Arbitraries.strings()
        .withChars("abxyz0123. ()-^{}$\\")
        .ofMinLength(1)
        .ofMaxLength(12)
        .map(text -> "w" + text.strip())
        .list()
        .uniqueElements()
        .ofMinSize(2)
        .ofMaxSize(10);
  }

  @Property(tries = 300, seed = "1")
  void everyOptionSurvivesTheShuffle(@ForAll("options") List<String> texts, @ForAll long seed) {
    StringBuilder prompt = new StringBuilder("Which?\n");
    for (int i = 0; i < texts.size(); i++) {
      prompt.append((char) ('A' + i)).append(") ").append(texts.get(i)).append('\n');
    }
    OptionPrompt read = Options.inPrompt(prompt + "\nReply.");
    assertEquals(texts, read.texts());
    for (int i = 0; i < texts.size(); i++) {
      var shuffled = read.shuffled((char) ('A' + i), "p", seed);
      assertEquals(
          texts.get(i), Options.inPrompt(shuffled.prompt()).texts().get(shuffled.gold() - 'A'));
    }
  }
}
