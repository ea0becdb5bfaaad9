package org.etalon.training.sft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.etalon.data.batch.BatchStream;
import org.etalon.data.batch.Example;
import org.etalon.data.batch.PackedBatch;
import org.etalon.data.batch.Packer;
import org.etalon.graph.program.TokenBatch;
import org.etalon.training.feed.Prefetch;
import org.junit.jupiter.api.Test;

class SftBatchTest {
  private static final int MICRO_ROWS = 2;

  private static BatchStream stream() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      int[] ids = new int[3 + i % 7];
      Arrays.fill(ids, i + 1);
      examples.add(new Example(ids, 1 + i % 2));
    }
    return new BatchStream(
        examples, new Packer(4, 12, 0, Packer.Layout.PACKED, Packer.TooLong.REFUSE), 7);
  }

  @Test
  void partsAreTheRowsOfTheBatchAndTheirWeightsAddUpToOne() {
    PackedBatch whole = stream().next();
    SftBatch batch = SftBatch.of(stream(), MICRO_ROWS, 1).next();
    assertEquals(whole.tokens(), batch.tokens());
    assertEquals(2, batch.parts().size());
    double sum = 0;
    for (int p = 0; p < 2; p++) {
      TokenBatch part = batch.parts().get(p);
      PackedBatch slice = whole.slice(p * MICRO_ROWS, (p + 1) * MICRO_ROWS);
      assertArrayEquals(slice.ids(), part.ids());
      assertArrayEquals(slice.targets(), part.targets());
      assertArrayEquals(slice.positions(), part.positions());
      assertArrayEquals(slice.segments(), part.segments());
      for (int i = 0; i < part.weights().length; i++) {
        assertEquals(slice.mask()[i] == 0, part.weights()[i] == 0);
        sum += part.weights()[i];
      }
    }
    assertEquals(1, sum, 1e-6);
  }

  @Test
  void aBatchNamesThePlaceBehindItThoughTheNextIsPrepared() {
    BatchStream plain = stream();
    BatchStream ahead = stream();
    try (var batches = new Prefetch<>("sft-test", SftBatch.of(ahead, MICRO_ROWS, 9))) {
      for (int step = 0; step < 9; step++) {
        plain.next();
        SftBatch batch = batches.next();
        assertEquals(plain.position(), batch.position());
        assertEquals(plain.epochs(), batch.epochs());
        if (step == 3) {
          assertGoesOnFrom(batch.position());
        }
      }
      assertFalse(batches.hasNext());
    }
  }

  private static void assertGoesOnFrom(BatchStream.Position position) {
    BatchStream whole = stream();
    for (int step = 0; step < 4; step++) {
      whole.next();
    }
    BatchStream resumed = stream();
    resumed.seek(position);
    Iterator<SftBatch> rest = SftBatch.of(resumed, MICRO_ROWS, 2);
    PackedBatch expected = whole.next();
    assertArrayEquals(expected.slice(0, MICRO_ROWS).ids(), rest.next().parts().get(0).ids());
    assertNotEquals(position, rest.next().position());
  }
}
