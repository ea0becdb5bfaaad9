package org.etalon.data.grade.constraint;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import java.util.function.Function;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;

/** Every rule by name: IFEval's, IF-RLVR's, Tulu 3's and our own. */
final class RuleNames {
  private static final ImmutableMap<String, Function<Arguments, Rule>> READERS =
      ImmutableMap.<String, Function<Arguments, Rule>>builder()
          .putAll(IfevalRules.READERS)
          .putAll(RlvrRules.READERS)
          .putAll(TuluRules.READERS)
          .putAll(OwnRules.READERS)
          .buildOrThrow();

  private RuleNames() {}

  static Iterable<String> all() {
    return READERS.keySet();
  }

  /**
   * The rule of that name.
   *
   * @throws DataException naming the nearest known rule, or the argument that is wrong
   */
  static Rule read(String name, String place, Arguments arguments) {
    Function<Arguments, Rule> reader = READERS.get(name);
    if (reader == null) {
      String shown = Ascii.truncate(name, 80, "…");
      String remedy =
          NearestName.of(shown, READERS.keySet())
              .map(near -> "did you mean \"" + near + "\"?")
              .orElse("known are " + READERS.keySet());
      throw new DataException(place + ": unknown rule \"" + shown + "\"; " + remedy);
    }
    Rule rule = reader.apply(arguments);
    arguments.finish();
    return rule;
  }
}
