package org.etalon.data.grade.constraint;

import com.google.common.collect.ImmutableMap;
import java.util.function.Function;

/**
 * Rules that the public sets lack: counts of anything under any relation, orders, JSON with keys.
 *
 * <p>A count takes {@code relation} and {@code number}: {@code {"rule": "count:lines", "relation":
 * "at most", "number": 4}}.
 */
final class OwnRules {
  static final ImmutableMap<String, Function<Arguments, Rule>> READERS =
      ImmutableMap.<String, Function<Arguments, Rule>>builder()
          .put("count:words", args -> counted(args, Quantity.Plain.WORDS))
          .put("count:sentences", args -> counted(args, Quantity.Plain.SENTENCES))
          .put("count:lines", args -> counted(args, Quantity.Plain.LINES))
          .put("count:paragraphs", args -> counted(args, Quantity.Plain.PARAGRAPHS))
          .put("count:characters", args -> counted(args, Quantity.Plain.CHARACTERS))
          .put("count:bullets", args -> counted(args, Quantity.Plain.BULLETS))
          .put("count:numbered_items", args -> counted(args, Quantity.Plain.NUMBERED_ITEMS))
          .put("count:placeholders", args -> counted(args, Quantity.Plain.PLACEHOLDERS))
          .put("count:highlights", args -> counted(args, Quantity.Plain.HIGHLIGHTS))
          .put("count:capital_words", args -> counted(args, Quantity.Plain.CAPITAL_WORDS))
          .put("count:word", args -> counted(args, new Quantity.Word(args.text("word"))))
          .put("count:sections", a -> counted(a, new Quantity.Sections(a.text("marker"))))
          .put("order:items", args -> new OrderRule.InOrder(args.texts("items")))
          .put("order:sorted_list", a -> new OrderRule.SortedList(a.flag("descending", false)))
          .put("order:numbered_list", args -> new OrderRule.NumberedList())
          .put("json:keys", args -> new JsonRule.Keys(args.types("keys")))
          .put("format:one_of", args -> new FormatRule.IsOption(args.texts("options")))
          .put("startend:start_checker", a -> new CopyRule.BeginsWith(a.text("start_phrase")))
          .put("punctuation:without", args -> new FormatRule.Without(args.text("characters")))
          .buildOrThrow();

  private OwnRules() {}

  private static Rule counted(Arguments args, Quantity quantity) {
    return new Amount(quantity, args.relation("relation"), args.number("number", 0));
  }
}
