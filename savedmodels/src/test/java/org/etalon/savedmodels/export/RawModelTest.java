package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.exceptions.TFInvalidArgumentException;

/** What the exported graph does with requests that only a server could send. */
class RawModelTest {
  @TempDir static Path folder;
  private static RawModel model;
  private static int pad;

  @BeforeAll
  static void export() {
    try (SmallExport export = new SmallExport()) {
      pad = export.tokenizer.padId();
      model = RawModel.load(export.write(folder));
    }
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static RawModel.Answer alone(int maxNew, int... prompt) {
    return model.generate(
        new RawModel.Request(new int[] {prompt.length}, new int[] {maxNew}, prompt));
  }

  @Test
  void rowsWithoutPromptOrLimitGetNothingAndDisturbNobody() {
    int[] ids = {5, 9, 300, 0, 0, 0, 17, 3, 0};
    RawModel.Answer answer =
        model.generate(new RawModel.Request(new int[] {3, 0, 2}, new int[] {6, 6, 0}, ids));
    assertEquals(6, answer.columns());
    assertArrayEquals(new int[] {6, 0, 0}, answer.lengths());
    assertArrayEquals(new int[] {1, 1, 1}, answer.finish());
    assertArrayEquals(alone(6, 5, 9, 300).ids(), Arrays.copyOf(answer.ids(), 6));
    for (int i = 6; i < 18; i++) {
      assertEquals(pad, answer.ids()[i]);
      assertEquals(0f, answer.logps()[i]);
    }
  }

  @Test
  void negativeLimitsAndLengthsAreNone() {
    RawModel.Answer answer =
        model.generate(
            new RawModel.Request(
                new int[] {2, Integer.MIN_VALUE}, new int[] {Integer.MIN_VALUE, 4}, 5, 9, 5, 9));
    assertArrayEquals(new int[] {0, 0}, answer.lengths());
  }

  @Test
  void anEmptyBatchIsAnswered() {
    RawModel.Answer answer = model.generate(new RawModel.Request(new int[0], new int[0]));
    assertEquals(0, answer.ids().length);
    assertEquals(0, answer.finish().length);
  }

  @Test
  void noRequestGrowsBeyondTheWindow() {
    RawModel.Answer answer = alone(Integer.MAX_VALUE, 5, 9, 300);
    assertEquals(SmallExport.WINDOW - 3, answer.lengths()[0]);
    assertEquals(SmallExport.WINDOW - 3, answer.columns());
    assertEquals(1, answer.finish()[0]);
    assertArrayEquals(alone(20, 5, 9, 300).ids(), Arrays.copyOf(answer.ids(), 20));
  }

  @Test
  void whatStandsInThePaddingDoesNotMatter() {
    int[] lengths = {2, 4};
    int[] limits = {8, 8};
    int[] zeros = {5, 9, 0, 0, 1, 2, 3, 4};
    int[] others = {5, 9, 711, 40, 1, 2, 3, 4};
    assertArrayEquals(
        model.generate(new RawModel.Request(lengths, limits, zeros)).ids(),
        model.generate(new RawModel.Request(lengths, limits, others)).ids());
    float[] score = model.score(lengths, others);
    assertArrayEquals(model.score(lengths, zeros), score);
    assertEquals(0f, score[1]);
    assertEquals(0f, score[2]);
    assertEquals(6, score.length);
  }

  @Test
  void scoresOfNothingAreEmpty() {
    assertEquals(0, model.score(new int[] {1, 1}, 5, 6).length);
    assertArrayEquals(new float[2], model.score(new int[] {0, 1}, 5, 6, 7, 8));
  }

  @Test
  void aBadRequestIsAnErrorAndTheModelLives() {
    int[] before = alone(5, 5, 9).ids();
    int[] one = {1};
    assertThrows(
        TFInvalidArgumentException.class,
        () -> model.generate(new RawModel.Request(new int[] {9}, one, 5, 9)),
        "a length beyond the prompt");
    for (int id : new int[] {-1, 1 << 20}) {
      assertThrows(
          TFInvalidArgumentException.class, () -> alone(5, 5, id), "an id beyond the vocabulary");
    }
    assertThrows(
        TFInvalidArgumentException.class,
        () -> model.generate(new RawModel.Request(one, new int[] {1, 1}, 5, 9)),
        "settings of another number of rows");
    assertThrows(
        TFInvalidArgumentException.class,
        () -> model.score(new int[] {2}, 2, new int[] {5, 9, 5, 9}),
        "lengths of another number of rows");
    assertArrayEquals(before, alone(5, 5, 9).ids());
  }
}
