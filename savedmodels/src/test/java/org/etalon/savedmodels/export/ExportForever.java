package org.etalon.savedmodels.export;

import java.nio.file.Path;
import java.util.Map;
import org.etalon.graph.program.Bundle;

/** Writes one version after the other until it is killed. */
final class ExportForever {
  private ExportForever() {}

  public static void main(String[] args) {
    try (SmallExport export = new SmallExport()) {
      Bundle bundle = Bundle.of(export.program);
      while (true) {
        export.exporter().writeNext(Path.of(args[0]), bundle::save, export.tokenizer, Map.of());
      }
    }
  }
}
