package org.etalon.data.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.etalon.data.problem.Problem;
import org.etalon.data.text.TokenizerFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltinTokenizerTest {
  @Test
  void vocabularyIsOf768TokensWithTheSpecialOnesLast() {
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      assertEquals(768, tokenizer.vocabSize());
      assertEquals(OptionalInt.of(765), tokenizer.specialId("<|endoftext|>"));
      assertEquals(OptionalInt.of(766), tokenizer.specialId("<|im_start|>"));
      assertEquals(OptionalInt.of(767), tokenizer.specialId("<|im_end|>"));
      assertEquals(767, tokenizer.eosId());
      assertEquals(765, tokenizer.padId());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "12+34=46\n\\boxed{46}", "Größe: 3 ≤ π", "数学 🙂\t \r\n", "\u0000\u0001"})
  void anyTextComesBack(String text) {
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
    }
  }

  @Test
  void everyDigitIsItsOwnToken() {
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      assertEquals(10, tokenizer.encode("1234567890").length);
      for (int id = 0; id < 765; id++) {
        String token = tokenizer.show(id);
        assertTrue(token.length() == 1 || !token.matches(".*\\d.*"), token);
      }
    }
  }

  @Test
  void framingWordsAreOneToken() {
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      for (String word : List.of("system", "user", "assistant", "\\boxed", "\n")) {
        assertEquals(1, tokenizer.encode(word).length, word);
      }
    }
  }

  @Test
  void promptsAndTracesAreShort() {
    BuiltinSplits splits =
        BuiltinProblems.generate(new BuiltinSpec(BuiltinSet.MATHEMATICS, 5, 2400, 0, 0, 0, 2, 3));
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      int[] traces = new int[7200];
      int at = 0;
      for (Problem problem : splits.sft()) {
        assertTrue(tokenizer.encode(problem.prompt()).length <= 40, problem.prompt());
        for (String trace : problem.traces()) {
          traces[at++] = tokenizer.encode(trace).length;
        }
      }
      assertTrue(IntStream.of(traces).average().orElseThrow() < 60);
      assertTrue(IntStream.of(traces).max().orElseThrow() <= 200);
    }
  }
}
