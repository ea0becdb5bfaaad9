package org.etalon.savedmodels.serve;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Program;
import org.etalon.savedmodels.export.SavedModelExporter;
import org.etalon.savedmodels.export.ServedModel.Ask;

/** A small random model, its versions, and requests to it. */
final class TinyModel implements AutoCloseable {
  static final int STOP = 7;
  static final int WINDOW = 64;

  final TokenizerFile tokenizer = TokenizerFile.builtin();
  final ModelConfig config;
  private final List<Integer> stops;
  private final Program program;

  /** A model with a window of {@value #WINDOW}, whose rows often end before their limit. */
  TinyModel() {
    this(WINDOW, List.of(STOP));
  }

  /** A model of another window, whose rows end at these tokens. */
  TinyModel(int window, List<Integer> stops) {
    this.config =
        ModelConfig.qwen2(tokenizer.vocabSize(), 32, 48, 2, 4, 2, 8, 10_000, 1e-6, true, window);
    this.stops = stops;
    this.program = new Program(config, ExecutionOptions.defaults());
  }

  /** Writes a version whose weights depend on its number. */
  Path write(Path base, int version) {
    return write(base, version, false);
  }

  /** The same with a second graph, for XLA. */
  Path writeWithXla(Path base, int version) {
    return write(base, version, true);
  }

  private Path write(Path base, int version, boolean xla) {
    program.initialize(version, 0.3);
    return new SavedModelExporter(config, stops, tokenizer.padId())
        .withXla(xla)
        .write(base, version, Bundle.of(program)::save, tokenizer, Map.of("run", "test"));
  }

  /** Requests of mixed lengths and settings. */
  static List<Ask> asks(int count, int seed) {
    Random random = new Random(seed);
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] ids = random.ints(1 + random.nextInt(30), 8, 760).toArray();
      boolean greedy = i % 3 == 0;
      asks.add(
          new Ask(
              ids, greedy ? 0 : 1.2f, i % 5 * 10, i % 2 == 0 ? 1 : 0.9f, i, random.nextInt(25)));
    }
    return asks;
  }

  @Override
  public void close() {
    program.close();
    tokenizer.close();
  }
}
