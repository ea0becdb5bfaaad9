package org.etalon.data.decontaminate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The oracle is {@link Words}, the definition in regular expressions and strings. */
class WordHashesTest {
  private static final List<String> PIECES =
      List.of(
          "\\",
          "\\,",
          "\\!",
          "\\ ",
          "\\quad",
          "\\qquad",
          "\\quadx",
          "\\hspace{1cm}",
          "\\hspace*{2",
          "\\vspace{",
          "}",
          "{",
          "\\left(",
          "\\right",
          "\\leftarrow",
          "\\bigl[",
          "\\Bigg",
          "\\biggx",
          "\\dfrac",
          "\\DFRAC",
          "\\LEFT",
          "\\QQuad",
          "\\dısplaystyle",
          "\\Hspace{a}",
          "ſ",
          "\u212a",
          "\\tfrac12",
          "\\cfracx",
          "\\frac",
          "\\text{cm}",
          "\\textbf",
          "\\textcolor",
          "\\mathrm{d}",
          "\\mathbb",
          "\\operatorname",
          "\\displaystyle",
          "\\limits",
          "\\nolimits",
          "\\hspace{²}",
          "\\hspace{\uff5d}",
          "\uff3cquad",
          "x",
          "X",
          "ab",
          "12",
          "3",
          " ",
          "\n",
          "$",
          "(",
          ".",
          "é",
          "e\u0301",
          "\u0301",
          "Σ",
          "ς",
          "σ",
          "İ",
          "ı",
          "ﬁ",
          "½",
          "²",
          "Ａ",
          "求",
          "和",
          "π",
          "Π",
          "×",
          "−",
          "“",
          "…",
          "한",
          "\u1100\u1161\u11a8",
          "\u1100",
          "가\u11a8",
          "क\u093f",
          "١",
          "\ud835\udc65",
          "\ud83d",
          "\udc65",
          "\u00a0",
          "\u2260",
          "=\u0338",
          "\u037e",
          "\ufeff",
          "\0",
          "Å",
          "\u212b",
          "Ω",
          "\u2126",
          "ß",
          "ẞ",
          "ǆ",
          "ǅ");

  @Test
  void everyCharacterAloneAndBesideALetterIsAsDefined() {
    for (int c = 0; c < 1 << 16; c++) {
      for (String text : new String[] {"" + (char) c, "a" + (char) c + "b" + (char) c}) {
        assertSame(text);
      }
    }
  }

  @Test
  void randomTextsHaveTheWordsOfTheDefinition() {
    Random random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(9); n > 0; n--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      assertSame(text.toString());
    }
  }

  @Test
  void differentWordsHaveDifferentHashes() {
    Map<Long, String> seen = new HashMap<>();
    for (int i = 0; i < 300_000; i++) {
      String word = Integer.toString(i + 50_000, 36).replaceAll("[0-9]", "g");
      String before = seen.put(WordHashes.of(word)[0], word);
      assertTrue(before == null || before.equals(word), word + " " + before);
    }
  }

  private static final Map<String, Long> HASHES = new HashMap<>();

  /** Equal words must have equal hashes, and as many. */
  private static void assertSame(String text) {
    List<String> words = Words.of(text);
    long[] hashes = WordHashes.of(text);
    assertEquals(words.size(), hashes.length, () -> shown(text) + words);
    for (int i = 0; i < hashes.length; i++) {
      // Alone after a text that needs normalising, a word is hashed by the slow path.
      String word = words.get(i);
      long hash = HASHES.computeIfAbsent(word, w -> WordHashes.of("\u0301 " + w)[0]);
      assertEquals(hash, hashes[i], () -> shown(text) + words);
    }
  }

  private static String shown(String text) {
    return Arrays.toString(text.codePoints().mapToObj(Integer::toHexString).toArray()) + " ";
  }
}
