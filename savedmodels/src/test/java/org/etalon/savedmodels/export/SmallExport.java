package org.etalon.savedmodels.export;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Program;

/** A small random model with a window of 64, and its export with one stop token. */
final class SmallExport implements AutoCloseable {
  static final int STOP = 7;
  static final int WINDOW = 64;

  final TokenizerFile tokenizer = TokenizerFile.builtin();
  final ModelConfig config =
      ModelConfig.qwen2(tokenizer.vocabSize(), 32, 48, 2, 4, 2, 8, 10_000, 1e-6, true, WINDOW);
  final Program program = new Program(config, ExecutionOptions.defaults());

  SmallExport() {
    program.initialize(8, 0.3);
  }

  /** Writes version 1 under a base folder. */
  Path write(Path base, int... stopIds) {
    return exporter(stopIds)
        .write(base, 1, Bundle.of(program)::save, tokenizer, Map.of("run", "test"));
  }

  /** The same with a second graph that XLA compiles. */
  Path writeWithXla(Path base, int... stopIds) {
    return exporter(stopIds)
        .withXla(true)
        .write(base, 1, Bundle.of(program)::save, tokenizer, Map.of());
  }

  SavedModelExporter exporter(int... stopIds) {
    List<Integer> stops = Arrays.stream(stopIds).boxed().toList();
    return new SavedModelExporter(config, stops, tokenizer.padId());
  }

  @Override
  public void close() {
    program.close();
    tokenizer.close();
  }
}
