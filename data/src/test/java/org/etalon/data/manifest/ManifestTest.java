package org.etalon.data.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etalon.data.DataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  @TempDir Path folder;
  private Path weights;

  @BeforeEach
  void twoFiles() throws IOException {
    Files.createDirectories(folder.resolve("variables"));
    weights = Files.writeString(folder.resolve("variables/weights"), "0123456789");
    Files.writeString(folder.resolve("metrics.jsonl"), "{}\n");
    Files.writeString(folder.resolve(".metrics.jsonl.tmp"), "left by a crash");
  }

  @Test
  void listsEveryFileWithSizeAndHash() {
    Manifest written =
        Manifest.of("etalon 1", "sft", "sft --out x", "abc")
            .withInput("data/train", folder.resolve("variables"))
            .withFact("steps", 600)
            .withFact("rates", List.of(1.5, 2.5e-9))
            .write(folder);
    assertEquals(written, Manifest.verify(folder));
    assertEquals(
        List.of("metrics.jsonl", "variables/weights"),
        written.outputs().stream().map(Manifest.Entry::path).toList());
    assertEquals("data/train/weights", written.inputs().get(0).path());
    assertEquals(600, written.facts().get("steps").intValue());
    assertEquals(
        new Manifest.Entry(
            "variables/weights",
            10,
            "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"),
        written.outputs().get(1));
  }

  @Test
  void everyFlippedByteIsRefusedByFileName() throws IOException {
    Manifest.of("etalon 1", "sft", "sft", "abc").withFact("ü", 1).write(folder);
    for (Path file : List.of(weights, folder.resolve(Manifest.FILE))) {
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < good.length; i++) {
        byte[] bad = good.clone();
        bad[i] ^= 1;
        Files.write(file, bad);
        assertRefused(file, "flipped byte " + i);
      }
      Files.write(file, good);
      Manifest.verify(folder);
    }
  }

  @Test
  void everyCutIsRefusedByFileName() throws IOException {
    Manifest.of("etalon 1", "sft", "sft", "abc").write(folder);
    for (Path file : List.of(weights, folder.resolve(Manifest.FILE))) {
      byte[] good = Files.readAllBytes(file);
      for (int length = 0; length < good.length; length++) {
        Files.write(file, java.util.Arrays.copyOf(good, length));
        assertRefused(file, "cut to " + length);
      }
      Files.write(file, good);
    }
  }

  @Test
  void missingFileIsNamed() throws IOException {
    Manifest.of("etalon 1", "sft", "sft", "abc").write(folder);
    Files.delete(weights);
    assertRefused(weights, "missing");
  }

  @Test
  void folderWithoutManifestIsNotComplete() {
    assertFalse(Manifest.exists(folder));
    assertRefused(folder.resolve(Manifest.FILE), "no manifest");
  }

  private void assertRefused(Path file, String what) {
    DataException e = assertThrows(DataException.class, () -> Manifest.verify(folder), what);
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
  }
}
