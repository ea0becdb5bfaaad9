package org.etalon.data.prepare;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;
import org.etalon.data.source.Layout;
import org.etalon.data.source.Mapped;
import org.etalon.data.source.Row;
import org.etalon.data.source.Rows;

/**
 * Reads the inputs of a recipe as batches, and rows as problems.
 *
 * @param recipe whose inputs are read
 * @param files of each input
 */
record Reading(Recipe recipe, List<List<Path>> files) {
  static final String STEP = "read";
  static final String BAD_ROW = "bad row";

  /** Rows before the share of bad ones is judged while reading. */
  private static final long JUDGED_FROM = 10_000;

  private static final int MOST_ROWS = 1024;
  private static final long MOST_BYTES = 1 << 19;

  /** Hands over all rows, in order. */
  void forEachBatch(Consumer<Batch> action) {
    for (int i = 0; i < files.size(); i++) {
      Recipe.Input input = recipe.inputs().get(i);
      long left = input.limit();
      for (Path file : files.get(i)) {
        left -= read(file, input, left, action);
        if (left == 0) {
          break;
        }
      }
    }
  }

  private long read(Path file, Recipe.Input input, long most, Consumer<Batch> action) {
    try (Rows rows = Rows.open(file)) {
      Row row = rows.next();
      if (row == null) {
        throw new DataException(file + ": expected at least one problem, got an empty file");
      }
      Layout layout = layout(input, row);
      long count = 0;
      while (row != null && count < most) {
        List<Row> batch = new ArrayList<>();
        long bytes = 0;
        while (row != null && count < most && batch.size() < MOST_ROWS && bytes < MOST_BYTES) {
          batch.add(row);
          bytes += row.json().length;
          count++;
          row = count < most ? rows.next() : null;
        }
        action.accept(new Batch(input, layout, batch, bytes));
      }
      return count;
    }
  }

  private Layout layout(Recipe.Input input, Row first) {
    try {
      return input.layout().fitting(first);
    } catch (DataException e) {
      if (recipe.dropsBadRows() && isBroken(first)) {
        // The next rows may be sound, but there is nothing to tell their layout by.
        throw new DataException(
            e.getMessage() + "; the first row tells the layout, so it cannot be dropped", e);
      }
      throw e;
    }
  }

  private static boolean isBroken(Row row) {
    try {
      row.fields();
      return false;
    } catch (DataException e) {
      return true;
    }
  }

  /** Turns a batch's rows into problems. */
  void map(Batch batch) {
    Tally.StepTally tally = batch.tally.step(STEP);
    for (Row row : batch.rows) {
      try {
        Mapped mapped = batch.layout.map(row);
        tally.seen(mapped.problem().isPresent());
        if (mapped.problem().isPresent()) {
          Problem problem = as(batch.input, mapped.problem().get());
          batch.items.add(new Batch.Item(row.place(), problem));
        } else {
          Step.Note note = new Step.Note("answer", mapped.lack(), ImmutableMap.of());
          batch.note(STEP, row.place(), row.defaultId(), note);
        }
      } catch (DataException e) {
        if (!recipe.dropsBadRows()) {
          throw e;
        }
        tally.seen(false);
        Step.Note note =
            new Step.Note(
                "row", BAD_ROW, ImmutableMap.of("message", String.valueOf(e.getMessage())));
        batch.note(STEP, row.place(), row.defaultId(), note);
      }
    }
    batch.rows = List.of();
  }

  private static Problem as(Recipe.Input input, Problem problem) {
    if (input.kind().isEmpty() && input.subdomain().isEmpty()) {
      return problem;
    }
    return new Problem(
        problem.id(),
        input.subdomain().orElse(problem.subdomain()),
        problem.prompt(),
        problem.answer(),
        problem.traces(),
        input.kind().orElse(problem.kind()));
  }

  /** Stops when too many rows are bad. */
  void judge(Tally tally, boolean isEnd) {
    Tally.StepTally read = tally.step(STEP);
    long bad = read.reason(BAD_ROW);
    if ((isEnd || read.in() >= JUDGED_FROM) && bad > recipe.maxBadShare() * read.in()) {
      throw new DataException(
          ("%d of %d rows are bad, more than maxBadShare %s allows; look at --out's dropped.jsonl with"
                  + " a higher maxBadShare, or correct the layout")
              .formatted(bad, read.in(), recipe.maxBadShare()));
    }
  }
}
