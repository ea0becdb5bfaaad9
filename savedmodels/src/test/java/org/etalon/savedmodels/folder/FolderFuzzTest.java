package org.etalon.savedmodels.folder;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.etalon.data.DataException;
import org.etalon.graph.ModelConfig;
import org.etalon.savedmodels.safetensors.Dtype;
import org.junit.jupiter.api.Assertions;

/**
 * Any text is either a usable file of a model folder or a typed error of one line. An ordinary
 * build runs the seeds; {@code JAZZER_FUZZ=1} searches for more.
 */
class FolderFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void aConfigurationIsReadOrRefused(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      ModelConfig config = ConfigJson.read("f", text);
      Assertions.assertEquals(config, ConfigJson.read("f", ConfigJson.write(config, 1, 2)));
      ModelConfig moved = config.withPositions(77, config.ropeScaling(), 99);
      String rewritten = ConfigJson.rewrite("f", text, moved, Dtype.BF16);
      Assertions.assertEquals(moved, ConfigJson.read("f", rewritten));
      EndTokens.read("f", text);
    } catch (DataException e) {
      check(e);
    }
  }

  @FuzzTest(maxDuration = "2m")
  void anIndexIsReadOrRefused(byte[] bytes) {
    try {
      ShardIndex index = ShardIndex.parse("f", new String(bytes, StandardCharsets.UTF_8));
      Path folder = Path.of("/a/folder");
      for (String shard : index.shards().keySet()) {
        Assertions.assertEquals(folder, folder.resolve(shard).normalize().getParent());
      }
    } catch (DataException e) {
      check(e);
    }
  }

  private static void check(DataException e) {
    Assertions.assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    Assertions.assertTrue(e.getMessage().length() < 1500, e.getMessage());
  }
}
