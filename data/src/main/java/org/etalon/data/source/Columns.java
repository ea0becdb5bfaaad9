package org.etalon.data.source;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;

/**
 * A layout given by the columns themselves: dotted paths into a row, e.g. {@code
 * reward_model.ground_truth} or {@code prompt[0].content}. An empty name means there is no such
 * column; the id is then the file's name and the row's number, the subdomain {@code general}.
 *
 * @param prompt the question
 * @param answer the gold answer; numbers are taken as text
 * @param traces a list of texts, or one text
 * @param subdomain text or a list whose first text counts
 * @param id text or a number
 */
public record Columns(String prompt, String answer, String traces, String subdomain, String id)
    implements Layout {
  public Columns {
    if (prompt.isBlank() || answer.isBlank()) {
      throw new DataException(
          "columns need a prompt and an answer; write {prompt: question, answer: final_answer}");
    }
  }

  @Override
  public String name() {
    return "columns";
  }

  @Override
  public Layout fitting(Row first) {
    Fields fields = Fields.of(first);
    for (String path : List.of(prompt, answer, traces, subdomain, id)) {
      if (!path.isEmpty() && !fields.has(path)) {
        throw new DataException(
            "%s: expected a column %s, found %s; correct columns"
                .formatted(first.place(), path, Fields.columns(fields.root())));
      }
    }
    return this;
  }

  @Override
  public Mapped map(Row row) {
    Fields fields = Fields.of(row);
    String found = subdomain.isEmpty() ? "" : first(fields.texts(subdomain));
    return Mapped.of(
        new Problem(
            optional(fields, id).orElseGet(row::defaultId),
            found.isBlank() ? "general" : label(found),
            fields.text(prompt),
            fields.text(answer),
            traces.isEmpty() ? ImmutableList.of() : fields.texts(traces),
            Kind.MATH));
  }

  private static Optional<String> optional(Fields fields, String path) {
    return path.isEmpty() ? Optional.empty() : fields.optional(path);
  }

  private static String first(List<String> texts) {
    return texts.isEmpty() ? "" : texts.get(0);
  }

  /** {@code Counting & Probability} as {@code counting-probability}. */
  static String label(String name) {
    String label = Ascii.toLowerCase(name).replaceAll("[^\\p{L}\\p{N}]+", "-");
    label = label.replaceAll("^-|-$", "");
    return label.isEmpty() ? "general" : label;
  }
}
