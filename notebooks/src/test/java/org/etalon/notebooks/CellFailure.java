package org.etalon.notebooks;

/** A cell that did not compile or threw; the message names notebook, cell and line. */
final class CellFailure extends RuntimeException {
  private CellFailure(String message) {
    super(message);
  }

  /**
   * A failure at a place.
   *
   * @param line from 1, within the cell
   */
  static CellFailure at(Notebook notebook, Notebook.Cell cell, int line, String what) {
    String[] lines = cell.source().split("\n", -1);
    return new CellFailure(
        "%s, code cell %d, line %d: %s%n    %s"
            .formatted(
                notebook.name(),
                cell.number(),
                line,
                what,
                lines[Math.min(line, lines.length) - 1].strip()));
  }
}
