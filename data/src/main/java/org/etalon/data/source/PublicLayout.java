package org.etalon.data.source;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.etalon.data.DataException;

/**
 * The layout of one published data set.
 *
 * @param name as recipes call it
 * @param columns what every row has, by dotted path
 * @param distinguished whether a row with those columns is of this layout and no other
 * @param mapping what a row says
 */
record PublicLayout(
    String name,
    ImmutableList<String> columns,
    BiPredicate<Fields, Row> distinguished,
    Function<Fields, Mapped> mapping)
    implements Layout {

  static PublicLayout of(String name, List<String> columns, Function<Fields, Mapped> mapping) {
    return new PublicLayout(name, ImmutableList.copyOf(columns), (fields, row) -> true, mapping);
  }

  boolean fits(Fields fields) {
    return columns.stream().allMatch(fields::has) && distinguished.test(fields, fields.row());
  }

  @Override
  public Layout fitting(Row first) {
    Fields fields = Fields.of(first);
    List<String> missing = columns.stream().filter(column -> !fields.has(column)).toList();
    if (!missing.isEmpty()) {
      throw new DataException(
          "%s: layout %s expects the columns %s, found %s; %s missing; name another layout or give"
                  .formatted(
                      first.place(),
                      name,
                      columns,
                      Fields.columns(fields.root()),
                      missing + (missing.size() == 1 ? " is" : " are"))
              + " columns: {prompt: …, answer: …}");
    }
    return this;
  }

  @Override
  public Mapped map(Row row) {
    return mapping.apply(Fields.of(row));
  }
}
