package org.etalon.data.text.jinja;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** The tests that follow {@code is}. */
final class Tests {
  private static final ImmutableMap<String, BiPredicate<Object, Arguments>> TESTS =
      ImmutableMap.<String, BiPredicate<Object, Arguments>>builder()
          .put("defined", (v, a) -> !(v instanceof Undefined))
          .put("undefined", (v, a) -> v instanceof Undefined)
          .put("none", (v, a) -> v == null)
          .put("string", (v, a) -> v instanceof FramedText)
          .put("boolean", (v, a) -> v instanceof Boolean)
          .put("true", (v, a) -> Boolean.TRUE.equals(v))
          .put("false", (v, a) -> Boolean.FALSE.equals(v))
          .put("number", (v, a) -> v instanceof Number || v instanceof Boolean)
          .put("integer", (v, a) -> v instanceof Long)
          .put("float", (v, a) -> v instanceof Double)
          .put("mapping", (v, a) -> v instanceof Map)
          .put("sequence", (v, a) -> isIterable(v))
          .put("iterable", (v, a) -> isIterable(v))
          .put("callable", (v, a) -> v instanceof Callable)
          .put("odd", (v, a) -> Math.floorMod(Values.integer("odd", v), 2) == 1)
          .put("even", (v, a) -> Math.floorMod(Values.integer("even", v), 2) == 0)
          .put(
              "divisibleby",
              (v, a) -> Math.floorMod(Values.integer("divisibleby", v), a.integer(0, "num")) == 0)
          .put("equalto", (v, a) -> Values.equal(v, a.get(0, "other")))
          .put("eq", (v, a) -> Values.equal(v, a.get(0, "other")))
          .put("==", (v, a) -> Values.equal(v, a.get(0, "other")))
          .put("ne", (v, a) -> !Values.equal(v, a.get(0, "other")))
          .put("in", (v, a) -> Values.contains(a.get(0, "seq"), v))
          .buildOrThrow();

  private Tests() {}

  static boolean isKnown(String name) {
    return TESTS.containsKey(name);
  }

  static boolean holds(String name, Object value, Arguments arguments) {
    BiPredicate<Object, Arguments> test = TESTS.get(name);
    if (test == null) {
      throw new TemplateException("no test is named " + name);
    }
    return test.test(value, arguments);
  }

  private static boolean isIterable(Object value) {
    return value instanceof List || value instanceof Map || value instanceof FramedText;
  }

  /** {@code of is name}, {@code of is name(…)}. */
  record Test(Expression of, String name, Expression.Passed passed) implements Expression {
    @Override
    public Object value(Scope scope) {
      return holds(name, of.value(scope), passed.values(name, scope));
    }
  }
}
