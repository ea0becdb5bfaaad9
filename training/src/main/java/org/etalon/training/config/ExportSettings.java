package org.etalon.training.config;

/**
 * The exported SavedModel.
 *
 * @param name model name, a plain folder name
 * @param version positive version number, the folder below the name
 * @param maxNewTokens longest response in tokens that the served graph can produce
 * @param rows rows per batch the export is tried with
 */
public record ExportSettings(String name, int version, int maxNewTokens, int rows) {
  public ExportSettings {
    Check.notBlank("export.name", "model name", name);
    Check.that(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
        "export.name",
        "model name must be letters, digits, dots, dashes or underscores, got '" + name + "'");
    Check.atLeast("export.version", "version", version, 1);
    Check.atLeast("export.maxNewTokens", "longest response in tokens", maxNewTokens, 1);
    Check.atLeast("export.rows", "rows per batch", rows, 1);
  }
}
