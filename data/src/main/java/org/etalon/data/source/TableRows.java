package org.etalon.data.source;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.etalon.data.DataException;
import org.etalon.data.problem.Utf8Lines;

/**
 * Parquet and text tables, read by an embedded DuckDB that may open this one file and nothing else:
 * no other path, no network, no extension. Lists, structs and maps come as JSON.
 */
final class TableRows implements Rows {
  /** Our choice: enough for row groups of long traces; DuckDB's own memory, not the heap. */
  private static final String MEMORY = "1GB";

  private final Path file;
  private final Connection connection;
  private final PreparedStatement statement;
  private final ResultSet rows;
  private long number;

  static Rows parquet(Path file) {
    requireParquet(file);
    return new TableRows(file, "read_parquet(?)");
  }

  static Rows text(Path file, char separator) {
    return new TableRows(
        file,
        "read_csv(?, delim='%s', header=true, all_varchar=true, quote='\"', escape='\"', max_line_size=%d)"
            .formatted(separator, 8 << 20));
  }

  private TableRows(Path file, String table) {
    this.file = file;
    String path = file.toAbsolutePath().normalize().toString();
    if (path.matches("(?s).*[*?\\[\\]{}].*")) {
      throw new DataException(
          file + ": its path has one of * ? [ ] { }, which name many files here; rename it");
    }
    Connection opened = null;
    try {
      opened = open(path);
      // No column can have this name by chance, which would then be read in place of the row.
      statement =
          opened.prepareStatement(
              "SELECT to_json(etalon_row_8f3a) FROM " + table + " etalon_row_8f3a");
      statement.setString(1, path);
      rows = statement.executeQuery();
      connection = opened;
    } catch (SQLException e) {
      closeQuietly(opened, e);
      throw failure(e);
    }
  }

  private static Connection open(String path) throws SQLException {
    var properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    Connection connection = DriverManager.getConnection("jdbc:duckdb:", properties);
    try (Statement set = connection.createStatement()) {
      set.execute("SET autoinstall_known_extensions=false");
      set.execute("SET autoload_known_extensions=false");
      set.execute("SET memory_limit='" + MEMORY + "'");
      set.execute("SET temp_directory=''");
      set.execute("SET threads=1");
      set.execute("SET allowed_paths=['" + path.replace("'", "''") + "']");
      set.execute("SET enable_external_access=false");
      set.execute("SET lock_configuration=true");
    } catch (SQLException e) {
      closeQuietly(connection, e);
      throw e;
    }
    return connection;
  }

  /** Checks the frame of a Parquet file, so that what is none never reaches native code. */
  private static void requireParquet(Path file) {
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      long length = in.length();
      byte[] ends = new byte[12];
      if (length >= 12) {
        in.readFully(ends, 0, 4);
        in.seek(length - 8);
        in.readFully(ends, 4, 8);
      }
      long footer =
          (ends[4] & 0xffL)
              | (ends[5] & 0xffL) << 8
              | (ends[6] & 0xffL) << 16
              | (ends[7] & 0xffL) << 24;
      boolean framed =
          new String(ends, 0, 4, StandardCharsets.US_ASCII).equals("PAR1")
              && new String(ends, 8, 4, StandardCharsets.US_ASCII).equals("PAR1");
      if (!framed || footer == 0 || footer > length - 12) {
        throw new DataException(
            file
                + ": expected a Parquet file, got one that is cut or of another kind; fetch it again"
                + " or name it by its kind");
      }
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }

  @Override
  public Row next() {
    try {
      if (!rows.next()) {
        return null;
      }
      number++;
      byte[] json = rows.getString(1).getBytes(StandardCharsets.UTF_8);
      if (json.length > Utf8Lines.MAX_LINE_BYTES) {
        throw new DataException(
            "%s row %d: expected at most %d bytes, got %d; split it"
                .formatted(file, number, Utf8Lines.MAX_LINE_BYTES, json.length));
      }
      return new Row(file, false, number, json);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private DataException failure(SQLException e) {
    String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    return new DataException(
        file + ": cannot be read as a table (" + first + "); fetch the file again", e);
  }

  private static void closeQuietly(Connection connection, SQLException cause) {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    try (connection;
        statement) {
      rows.close();
    } catch (SQLException e) {
      throw new DataException(file + ": cannot be closed (" + e.getMessage() + ")", e);
    }
  }
}
