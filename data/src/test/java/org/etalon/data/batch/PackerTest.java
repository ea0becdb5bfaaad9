package org.etalon.data.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.etalon.data.DataException;
import org.etalon.data.batch.Packer.Layout;
import org.etalon.data.batch.Packer.TooLong;
import org.junit.jupiter.api.Test;

class PackerTest {
  private static final int PAD = 9;

  @Test
  void twoDocumentsShareARowAndStayApart() {
    List<Example> examples =
        List.of(new Example(new int[] {11, 12, 13}, 1), new Example(new int[] {21, 22}, 1));
    PackedBatch batch = packer(1, 6, Layout.PACKED).pack(examples).get(0);
    assertArrayEquals(new int[] {11, 12, 13, 21, 22, PAD}, batch.ids());
    assertArrayEquals(new int[] {12, 13, 0, 22, 0, 0}, batch.targets());
    assertArrayEquals(new float[] {1, 1, 0, 1, 0, 0}, batch.mask());
    assertArrayEquals(new int[] {0, 1, 2, 0, 1, 0}, batch.positions());
    assertArrayEquals(new int[] {1, 1, 1, 2, 2, 0}, batch.segments());
    assertEquals(2, batch.documents());
    assertEquals(5, batch.tokens());
    assertEquals(3, batch.trainedTokens());
  }

  @Test
  void promptTokensAreNotTrainedOn() {
    Example example = new Example(new int[] {1, 2, 3, 4, 5}, 3);
    PackedBatch batch = packer(1, 5, Layout.PACKED).pack(List.of(example)).get(0);
    assertArrayEquals(new float[] {0, 0, 1, 1, 0}, batch.mask());
  }

  @Test
  void packedAndPaddedHoldTheSameDocumentsAndMasks() {
    for (int seed = 0; seed < 20; seed++) {
      List<Example> examples = RandomExamples.of(1 + seed * 7, 16, seed);
      List<PackedBatch> packed = packer(3, 20, Layout.PACKED).pack(examples);
      List<PackedBatch> padded = packer(3, 20, Layout.ONE_PER_ROW).pack(examples);
      assertEquals(documents(padded), documents(packed));
      assertEquals(examples.size(), documents(padded).size());
      assertTrue(packed.size() <= padded.size());
    }
  }

  @Test
  void packingWastesLessThanHalfOfEveryRowButOne() {
    List<Example> examples = RandomExamples.of(200, 20, 3);
    int halfEmpty = 0;
    for (PackedBatch row : packer(1, 20, Layout.PACKED).pack(examples)) {
      halfEmpty += row.tokens() <= 10 ? 1 : 0;
    }
    assertTrue(halfEmpty <= 1, halfEmpty + " rows at most half full");
  }

  @Test
  void rowsLeftOverInTheLastBatchAreEmpty() {
    List<Example> examples = List.of(new Example(new int[] {1, 2}, 1));
    PackedBatch batch = packer(2, 3, Layout.ONE_PER_ROW).pack(examples).get(0);
    assertArrayEquals(new int[] {1, 2, PAD, PAD, PAD, PAD}, batch.ids());
    assertEquals(1, batch.documents());
    assertEquals(1, batch.trainedTokens());
  }

  @Test
  void longExampleIsRefusedByIndex() {
    List<Example> examples =
        List.of(new Example(new int[] {1, 2}, 1), new Example(new int[] {1, 2, 3, 4}, 1));
    String message =
        assertThrows(DataException.class, () -> packer(1, 3, Layout.PACKED).pack(examples))
            .getMessage();
    assertTrue(message.startsWith("example 1 has 4 tokens, a row holds 3"), message);
  }

  @Test
  void longExampleIsDroppedAndCountedWhenAsked() {
    Packer packer = new Packer(1, 3, PAD, Layout.PACKED, TooLong.DROP);
    List<Example> examples =
        List.of(new Example(new int[] {1, 2, 3, 4}, 1), new Example(new int[] {7, 8}, 1));
    assertEquals(1, packer.dropped(examples));
    List<PackedBatch> batches = packer.pack(examples);
    assertEquals(1, batches.size());
    assertArrayEquals(new int[] {7, 8, PAD}, batches.get(0).ids());
  }

  @Test
  void slicesPutTogetherAreTheBatch() {
    PackedBatch batch = packer(4, 8, Layout.PACKED).pack(RandomExamples.of(10, 8, 5)).get(0);
    PackedBatch top = batch.slice(0, 1);
    PackedBatch rest = batch.slice(1, 4);
    assertEquals(batch.trainedTokens(), top.trainedTokens() + rest.trainedTokens());
    assertEquals(batch.documents(), top.documents() + rest.documents());
    assertEquals(batch.ids()[8], rest.ids()[0]);
    assertEquals(batch, batch.slice(0, 4));
    assertThrows(DataException.class, () -> batch.slice(2, 2));
    assertThrows(DataException.class, () -> batch.slice(3, 5));
  }

  @Test
  void exampleWithoutResponseIsRefused() {
    assertThrows(DataException.class, () -> new Example(new int[] {1, 2}, 2));
    assertThrows(DataException.class, () -> new Example(new int[] {}, 0));
    assertThrows(DataException.class, () -> new Example(new int[] {1, -1}, 1));
  }

  @Test
  void dumpShowsEveryTokenAndWhatIsTrained() {
    Example example = new Example(new int[] {5, 6, 7}, 2);
    PackedBatch batch = packer(1, 5, Layout.PACKED).pack(List.of(example)).get(0);
    assertEquals(
        """
        PackedBatch[1×5, 1 documents, 3 tokens, 1 trained]
        row 0, document 1
             0      0        5   "t5\\n"
             1      1        6 * "t6\\n" -> "t7\\n"
             2      2        7   "t7\\n"
        row 0: 2 tokens of padding
        """,
        BatchDump.of(batch, id -> "t" + id + "\n"));
  }

  private static Packer packer(int rows, int length, Layout layout) {
    return new Packer(rows, length, PAD, layout, TooLong.REFUSE);
  }

  /** Every document as its tokens, targets, masks and positions. */
  private static Set<String> documents(List<PackedBatch> batches) {
    Set<String> found = new TreeSet<>();
    for (PackedBatch batch : batches) {
      for (int row = 0; row < batch.rows(); row++) {
        List<String> open = new ArrayList<>();
        for (int t = 0; t < batch.length(); t++) {
          int i = row * batch.length() + t;
          if (batch.segments()[i] == 0) {
            assertEquals(PAD, batch.ids()[i]);
            assertEquals(0, batch.mask()[i]);
            continue;
          }
          if (t > 0 && batch.segments()[i] != batch.segments()[i - 1]) {
            found.add(String.join(" ", open));
            open.clear();
          }
          open.add(
              batch.ids()[i]
                  + ">"
                  + batch.targets()[i]
                  + "*"
                  + batch.mask()[i]
                  + "@"
                  + batch.positions()[i]);
        }
        if (!open.isEmpty()) {
          found.add(String.join(" ", open));
        }
      }
    }
    return found;
  }
}
