package org.etalon.data.source;

import com.google.common.base.Ascii;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.etalon.data.DataException;

/** The rows of one file, in its order, read in constant memory; one thread at a time. */
public interface Rows extends Closeable {
  /**
   * The next row, or null at the end.
   *
   * @throws DataException naming the file if it cannot be read on
   */
  Row next();

  @Override
  void close();

  /**
   * Opens a file: Parquet, a JSON list or several JSON objects ({@code .json}), a table with a
   * header ({@code .csv}, {@code .tsv}), JSON lines for every other name; JSON may be packed
   * ({@code .gz}).
   *
   * @throws DataException if it cannot be opened
   */
  static Rows open(Path file) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": expected a file, got a folder; name the files inside it");
    }
    if (!Files.isReadable(file)) {
      throw new DataException(
          file + ": cannot be opened; check that the path exists and may be read");
    }
    String name = Ascii.toLowerCase(file.getFileName().toString());
    if (name.endsWith(".parquet") || startsAsParquet(file)) {
      return TableRows.parquet(file);
    }
    if (name.endsWith(".csv") || name.endsWith(".tsv")) {
      return TableRows.text(file, name.endsWith(".tsv") ? '\t' : ',');
    }
    if (name.endsWith(".json") || name.endsWith(".json.gz")) {
      return new JsonRows(file);
    }
    return new LineRows(file);
  }

  private static boolean startsAsParquet(Path file) {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("PAR1");
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }
}
