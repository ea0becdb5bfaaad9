package org.etalon.data.benchmark;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;

/**
 * What the paper's Tables 2 to 4 report, in percent. Paper: P1 §4.2; the figures stand in {@code
 * paper-tables.tsv} beside this class.
 */
public final class PaperTables {
  private static final String FILE = "paper-tables.tsv";
  private static final ImmutableList<String> COLUMNS =
      ImmutableList.of("aime24", "aime25", "math500", "hmmt25", "lcb-v5", "lcb-v6", "gpqa-diamond");
  private static final ImmutableMap<String, String> CAPTIONS =
      ImmutableMap.of(
          "2", "small reasoning models",
          "3", "large reasoning models",
          "4", "non-reasoning models");
  private static final ImmutableList<Table> TABLES = read();

  private PaperTables() {}

  /**
   * One table.
   *
   * @param number in the paper
   * @param caption what models it compares
   */
  public record Table(int number, String caption, List<Row> rows) {}

  /**
   * One model's line.
   *
   * @param parameters as printed, or empty
   * @param scores percent by benchmark name; what the paper does not give is missing
   */
  public record Row(String model, String parameters, Map<String, Double> scores) {}

  /** The three tables, in order. */
  public static List<Table> all() {
    return TABLES;
  }

  private static ImmutableList<Table> read() {
    List<String> lines;
    try {
      lines =
          Resources.readLines(
              Resources.getResource(PaperTables.class, FILE), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DataException(FILE + " cannot be read: " + e.getMessage(), e);
    }
    ImmutableList.Builder<Table> tables = ImmutableList.builder();
    CAPTIONS.forEach(
        (number, caption) -> {
          List<Row> rows =
              lines.stream()
                  .filter(l -> l.startsWith(number + "\t"))
                  .map(PaperTables::row)
                  .toList();
          tables.add(new Table(Integer.parseInt(number), caption, rows));
        });
    return tables.build();
  }

  private static Row row(String line) {
    List<String> cells = Splitter.on('\t').splitToList(line);
    ImmutableMap.Builder<String, Double> scores = ImmutableMap.builder();
    for (int i = 0; i < COLUMNS.size(); i++) {
      String cell = cells.get(3 + i);
      if (!cell.equals("-")) {
        scores.put(COLUMNS.get(i), Double.valueOf(cell));
      }
    }
    String parameters = cells.get(2).equals("-") ? "" : cells.get(2);
    return new Row(cells.get(1), parameters, scores.buildOrThrow());
  }
}
