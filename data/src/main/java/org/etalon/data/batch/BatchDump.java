package org.etalon.data.batch;

import java.util.Locale;
import java.util.function.IntFunction;

/** Shows a batch token by token, so that a person can see what is trained on and what is not. */
public final class BatchDump {
  private BatchDump() {}

  /**
   * One line a token: index in the row, position in the document, id, {@code *} if the next token
   * is trained on, the token's text; padding is one line a row.
   *
   * @param show the text of an id, e.g. a tokenizer's {@code show}
   */
  public static String of(PackedBatch batch, IntFunction<String> show) {
    StringBuilder out = new StringBuilder(batch.toString()).append('\n');
    for (int row = 0; row < batch.rows(); row++) {
      appendRow(batch, row, show, out);
    }
    return out.toString();
  }

  private static void appendRow(
      PackedBatch batch, int row, IntFunction<String> show, StringBuilder out) {
    int start = row * batch.length();
    for (int t = 0; t < batch.length(); t++) {
      int i = start + t;
      int segment = batch.segments()[i];
      if (segment == 0) {
        out.append(
            String.format(Locale.ROOT, "row %d: %d tokens of padding\n", row, batch.length() - t));
        return;
      }
      if (t == 0 || segment != batch.segments()[i - 1]) {
        out.append(String.format(Locale.ROOT, "row %d, document %d\n", row, segment));
      }
      boolean trained = batch.mask()[i] != 0;
      out.append(
          String.format(
              Locale.ROOT,
              "%6d %6d %8d %s %s%s\n",
              t,
              batch.positions()[i],
              batch.ids()[i],
              trained ? "*" : " ",
              quoted(show.apply(batch.ids()[i])),
              trained ? " -> " + quoted(show.apply(batch.targets()[i])) : ""));
    }
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '"' -> out.append("\\\"");
        default ->
            out.append(
                c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
      }
    }
    return out.append('"').toString();
  }
}
