package org.etalon.data.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.source.Layout;
import org.etalon.data.source.Layouts;
import org.etalon.data.source.Mapped;
import org.etalon.data.source.Row;

/**
 * LiveCodeBench's rows of some contest dates: its releases grow, and v5 and v6 are the problems of
 * some months. A file without contest dates is taken whole.
 *
 * @param rows the layout of the rows
 * @param from first contest date
 * @param until the day after the last contest date
 */
record LiveCodeBenchMonths(Layout rows, LocalDate from, LocalDate until) implements Layout {
  private static final String DATE = "contest_date";

  /** The rows of a benchmark; others than v5 and v6 have all months. */
  static Layout of(String benchmark, long seed) {
    Layout rows = Layouts.auto(seed);
    LocalDate v6 = LocalDate.of(2025, 2, 1);
    return switch (benchmark) {
      case "lcb-v5" -> new LiveCodeBenchMonths(rows, LocalDate.of(2024, 8, 1), v6);
      case "lcb-v6" -> new LiveCodeBenchMonths(rows, v6, LocalDate.MAX);
      default -> rows;
    };
  }

  @Override
  public String name() {
    return rows.name();
  }

  @Override
  public Layout fitting(Row first) {
    Layout fitting = rows.fitting(first);
    return first.fields().has(DATE) ? new LiveCodeBenchMonths(fitting, from, until) : fitting;
  }

  @Override
  public Mapped map(Row row) {
    LocalDate date = date(row, row.fields().path(DATE));
    return date.isBefore(from) || !date.isBefore(until)
        ? new Mapped(Optional.empty(), "another contest date")
        : rows.map(row);
  }

  private static LocalDate date(Row row, JsonNode field) {
    String text = field.asText();
    try {
      return LocalDate.parse(text.substring(0, Math.min(10, text.length())));
    } catch (DateTimeException e) {
      throw new DataException(
          "%s: field \"%s\": expected a date as 2025-02-01, got %s; correct it"
              .formatted(row.place(), DATE, field),
          e);
    }
  }
}
