package org.etalon.training.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerTest {
  private static final Map<String, Object> QUESTION = Map.of("layers", 2);

  private static Peer peer(String script) {
    return Peer.start(List.of("/bin/sh", "-c", script), QUESTION);
  }

  @Test
  void aPeerIsAskedInTurns() {
    String script =
        "read model; echo '{\"torch\": \"2.9\"}'; n=0; while read line; do n=$((n+1));"
            + " echo '{\"seconds\": 0.5, \"loss\": '$n'}'; done";
    try (Peer peer = peer(script)) {
      assertEquals(Map.of("torch", "2.9"), peer.introduction());
      assertEquals(new Peer.Round(0.5, 1), peer.round());
      assertEquals(new Peer.Round(0.5, 2), peer.round());
    }
  }

  @Test
  void whatIsNotThereIsSkipped() {
    var absent =
        assertThrows(CheckException.class, () -> Peer.start(List.of("/no/such/peer"), QUESTION));
    assertEquals(CheckReport.Status.SKIPPED, absent.status());
    var without =
        assertThrows(
            CheckException.class, () -> peer("read model; echo '{\"skip\": \"no PyTorch\"}'"));
    assertEquals(CheckReport.Status.SKIPPED, without.status());
    assertEquals("no PyTorch", without.getMessage());
  }

  @Test
  void aPeerThatEndsOrAnswersSomethingElseFailsTheCheck() {
    try (Peer peer = peer("read model; echo '{}'")) {
      var ended = assertThrows(CheckException.class, peer::round);
      assertEquals(CheckReport.Status.FAILED, ended.status());
    }
    try (Peer peer = peer("read model; echo '{}'; read line; echo '{\"seconds\": 1}'")) {
      var odd = assertThrows(CheckException.class, peer::round);
      assertTrue(odd.getMessage().contains("no seconds or loss"), odd.getMessage());
    }
  }
}
