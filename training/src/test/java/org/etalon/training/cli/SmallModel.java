package org.etalon.training.cli;

import java.nio.file.Path;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.RopeScaling;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Program;
import org.etalon.savedmodels.folder.ModelFolder;

/** A small random model in a folder. */
final class SmallModel {
  private SmallModel() {}

  static void write(Path folder, int window, long seed) {
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      var config =
          new ModelConfig(
              Architecture.LLAMA,
              tokenizer.vocabSize(),
              32,
              48,
              2,
              4,
              2,
              8,
              1e4,
              new RopeScaling.None(),
              1e-6,
              true,
              window);
      try (Program program = new Program(config, ExecutionOptions.defaults())) {
        program.initialize(seed, 0.4);
        ModelFolder.write(folder, config, program::get, tokenizer);
      }
    }
  }
}
