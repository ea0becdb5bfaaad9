package org.etalon.data.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.etalon.data.problem.FingerprintTable.Fingerprint;
import org.junit.jupiter.api.Test;

class FingerprintTableTest {
  @Test
  void answersAsAMapDoes() {
    Random random = new Random(1);
    FingerprintTable table = new FingerprintTable();
    Map<String, Long> map = new HashMap<>();
    for (long i = 0; i < 300_000; i++) {
      String key = Integer.toString(random.nextInt(150_000));
      Long before = map.putIfAbsent(key, i);
      assertEquals(before == null ? -1 : before, table.putIfAbsent(Fingerprint.of(key), i));
    }
    assertEquals(map.size(), table.size());
  }

  @Test
  void numbersReachFarAbove31Bits() {
    FingerprintTable table = new FingerprintTable();
    long most = 0xFFFF_FFFEL;
    assertEquals(-1, table.putIfAbsent(Fingerprint.of("a"), most));
    assertEquals(most, table.putIfAbsent(Fingerprint.of("a"), 1));
  }

  @Test
  void neighbouringKeysSpreadAndNeverMeet() {
    FingerprintTable table = new FingerprintTable();
    for (int i = 0; i < 1_000_000; i++) {
      assertEquals(-1, table.putIfAbsent(Fingerprint.of(new long[] {i, 0}), i));
      assertEquals(-1, table.putIfAbsent(Fingerprint.of(new long[] {0, i + 1L}), i));
    }
    assertEquals(-1, table.putIfAbsent(Fingerprint.of(new long[] {0}), 0));
  }
}
