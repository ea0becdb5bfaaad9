package org.etalon.data.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.batch.BatchStream.Position;
import org.etalon.data.batch.Packer.Layout;
import org.etalon.data.batch.Packer.TooLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchStreamTest {
  private static final List<Example> EXAMPLES = RandomExamples.of(37, 12, 11);

  @ParameterizedTest
  @EnumSource(Layout.class)
  void resumedAnywhereItGoesOnAsIfUninterrupted(Layout layout) {
    Packer packer = new Packer(4, 16, 0, layout, TooLong.REFUSE);
    BatchStream whole = new BatchStream(EXAMPLES, packer, 5);
    List<Position> positions = new ArrayList<>();
    List<PackedBatch> batches = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      positions.add(whole.position());
      batches.add(whole.next());
    }
    for (int start = 0; start < batches.size(); start++) {
      BatchStream resumed = new BatchStream(EXAMPLES, packer, 5);
      resumed.seek(positions.get(start));
      for (int i = start; i < Math.min(start + 6, batches.size()); i++) {
        assertEquals(positions.get(i), resumed.position());
        assertEquals(batches.get(i), resumed.next());
      }
    }
  }

  @Test
  void everyEpochHoldsEveryExampleOnce() {
    BatchStream stream = stream(1, 5);
    Map<Integer, Integer> seen = new HashMap<>();
    for (int epochs = 1; epochs <= 3; epochs++) {
      while (stream.position().epoch() < epochs) {
        for (int id : stream.next().ids()) {
          if (id != 0 && id % 1000 == 0) {
            seen.merge(id / 1000, 1, Integer::sum);
          }
        }
      }
      assertEquals(EXAMPLES.size(), seen.size());
      for (int count : seen.values()) {
        assertEquals(epochs, count);
      }
    }
  }

  @Test
  void epochsAndSeedsHaveOrdersOfTheirOwn() {
    BatchStream stream = stream(1, 5);
    PackedBatch first = stream.next();
    assertEquals(first, stream(1, 5).next());
    assertNotEquals(first, stream(1, 6).next());
    while (stream.position().epoch() == 0) {
      stream.next();
    }
    assertNotEquals(first, stream.next());
  }

  @Test
  void batchesAreAlwaysFullEvenAcrossEpochs() {
    BatchStream stream =
        new BatchStream(
            EXAMPLES.subList(0, 3), new Packer(5, 16, 0, Layout.ONE_PER_ROW, TooLong.REFUSE), 1);
    for (int i = 0; i < 10; i++) {
      assertEquals(5, stream.next().documents());
    }
    assertEquals(50 / 3.0, stream.epochs(), 1e-12);
    assertEquals(1, stream.batchesPerEpoch());
  }

  @Test
  void positionOfOtherDataIsRefused() {
    Position position = stream(4, 5).position();
    assertThrows(DataException.class, () -> stream(4, 6).seek(position));
    assertThrows(DataException.class, () -> stream(3, 5).seek(position));
    List<Example> changed = new ArrayList<>(EXAMPLES);
    changed.set(0, new Example(new int[] {1, 2}, 1));
    Packer packer = new Packer(4, 16, 0, Layout.PACKED, TooLong.REFUSE);
    assertThrows(DataException.class, () -> new BatchStream(changed, packer, 5).seek(position));
    assertThrows(
        DataException.class,
        () -> stream(4, 5).seek(new Position(0, 10_000, position.fingerprint())));
  }

  @Test
  void streamWithoutExamplesIsRefused() {
    Packer packer = new Packer(1, 2, 0, Layout.PACKED, TooLong.DROP);
    List<Example> long3 = List.of(new Example(new int[] {1, 2, 3}, 1));
    assertThrows(DataException.class, () -> new BatchStream(List.of(), packer, 1));
    assertThrows(DataException.class, () -> new BatchStream(long3, packer, 1));
  }

  private static BatchStream stream(int rows, long seed) {
    return new BatchStream(EXAMPLES, new Packer(rows, 16, 0, Layout.PACKED, TooLong.REFUSE), seed);
  }
}
