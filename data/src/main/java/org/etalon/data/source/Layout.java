package org.etalon.data.source;

import org.etalon.data.DataException;

/** How the rows of a file say what a problem is. Safe for several threads. */
public interface Layout {
  /** The name that recipes and manifests use. */
  String name();

  /**
   * What one row says.
   *
   * @throws DataException naming the row's place and the column that is missing or of another kind
   */
  Mapped map(Row row);

  /**
   * The layout that reads a file with this first row: this one, or what it detects by the row's
   * columns.
   *
   * @throws DataException if none does; it names the columns expected and found
   */
  Layout fitting(Row first);
}
