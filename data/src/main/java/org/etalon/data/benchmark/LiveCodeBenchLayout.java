package org.etalon.data.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.grade.code.LiveCodeBenchTests;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.etalon.data.source.Layout;
import org.etalon.data.source.Layouts;
import org.etalon.data.source.Mapped;
import org.etalon.data.source.Row;

/**
 * The rows of LiveCodeBench's code_generation files; a file of other columns is read by the layout
 * that fits it. Starter code goes to the prompt's end as a fenced block.
 *
 * @param from first contest date
 * @param until the day after the last contest date
 */
record LiveCodeBenchLayout(LocalDate from, LocalDate until) implements Layout {
  private static final String QUESTION = "question_content";

  /** The rows of a benchmark: v5 and v6 are the contests of some months, others take all rows. */
  static LiveCodeBenchLayout of(String benchmark) {
    LocalDate v6 = LocalDate.of(2025, 2, 1);
    return switch (benchmark) {
      case "lcb-v5" -> new LiveCodeBenchLayout(LocalDate.of(2024, 8, 1), v6);
      case "lcb-v6" -> new LiveCodeBenchLayout(v6, LocalDate.MAX);
      default -> new LiveCodeBenchLayout(LocalDate.MIN, LocalDate.MAX);
    };
  }

  @Override
  public String name() {
    return "livecodebench";
  }

  @Override
  public Layout fitting(Row first) {
    return first.fields().has(QUESTION) ? this : Layouts.auto(0).fitting(first);
  }

  @Override
  public Mapped map(Row row) {
    JsonNode fields = row.fields();
    LocalDate date = date(row, text(row, fields, "contest_date"));
    if (date.isBefore(from) || !date.isBefore(until)) {
      return new Mapped(Optional.empty(), "another contest date");
    }
    String starter = text(row, fields, "starter_code");
    String question = text(row, fields, QUESTION);
    String tests =
        LiveCodeBenchTests.read(
                text(row, fields, "public_test_cases"),
                text(row, fields, "private_test_cases"),
                text(row, fields, "metadata"),
                row.place())
            .toJson();
    return new Mapped(
        Optional.of(
            new Problem(
                text(row, fields, "question_id"),
                text(row, fields, "difficulty"),
                starter.isBlank() ? question : CodePrompt.withStarter(question, starter),
                tests,
                List.of(),
                Kind.CODE)),
        "");
  }

  private static LocalDate date(Row row, String text) {
    try {
      return LocalDate.parse(text.substring(0, Math.min(10, text.length())));
    } catch (DateTimeException e) {
      throw new DataException(
          "%s: field \"contest_date\": expected a date as 2025-02-01, got %s; correct it"
              .formatted(row.place(), text),
          e);
    }
  }

  private static String text(Row row, JsonNode fields, String name) {
    JsonNode value = fields.path(name);
    if (!value.isTextual()) {
      throw new DataException(
          "%s: field \"%s\": expected a string, as LiveCodeBench has it, got %s"
              .formatted(
                  row.place(), name, value.isMissingNode() ? "nothing" : value.getNodeType()));
    }
    return value.textValue();
  }
}
