package org.etalon.data.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something with a value. */
@FunctionalInterface
interface Expression {
  Object value(Scope scope);

  /** A value written in the template. */
  record Literal(Object content) implements Expression {
    @Override
    public Object value(Scope scope) {
      return content;
    }
  }

  /** A name. */
  record Name(String name) implements Expression {
    @Override
    public Object value(Scope scope) {
      return scope.get(name);
    }
  }

  /** {@code [a, b]} or {@code (a, b)}. */
  record Items(List<Expression> items) implements Expression {
    @Override
    public Object value(Scope scope) {
      List<Object> values = new ArrayList<>();
      items.forEach(item -> values.add(item.value(scope)));
      return values;
    }
  }

  /** <code>{'a': b}</code>. */
  record Dictionary(List<Expression> keys, List<Expression> values) implements Expression {
    @Override
    public Object value(Scope scope) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        map.put(Values.text(keys.get(i).value(scope)).text(), values.get(i).value(scope));
      }
      return map;
    }
  }

  /** {@code of.name}: a method or else a field. */
  record Field(Expression of, String name) implements Expression {
    @Override
    public Object value(Scope scope) {
      return Members.field(of.value(scope), name);
    }
  }

  /** {@code of[key]}: an element or else a method. */
  record Element(Expression of, Expression key) implements Expression {
    @Override
    public Object value(Scope scope) {
      return Members.element(of.value(scope), key.value(scope));
    }
  }

  /** {@code of[from:to:step]}. */
  record Slice(
      Expression of, Optional<Expression> from, Optional<Expression> to, Optional<Expression> step)
      implements Expression {
    @Override
    public Object value(Scope scope) {
      return Members.slice(
          of.value(scope), bound(scope, from), bound(scope, to), bound(scope, step));
    }

    private static Optional<Integer> bound(Scope scope, Optional<Expression> expression) {
      return expression
          .map(e -> e.value(scope))
          .map(value -> Values.integer("the bound of a slice", value));
    }
  }

  /** Arguments as written. */
  record Passed(List<Expression> positional, Map<String, Expression> named) {
    Arguments values(String function, Scope scope, Object... first) {
      List<Object> values = new ArrayList<>(java.util.Arrays.asList(first));
      positional.forEach(e -> values.add(e.value(scope)));
      Map<String, Object> byName = new LinkedHashMap<>();
      named.forEach((name, e) -> byName.put(name, e.value(scope)));
      return new Arguments(function, values, byName);
    }
  }

  /** {@code function(…)}. */
  record Call(Expression function, String name, Passed passed) implements Expression {
    @Override
    public Object value(Scope scope) {
      scope.step(scope.line());
      if (function.value(scope) instanceof Callable callable) {
        return callable.call(passed.values(name, scope));
      }
      throw new TemplateException("\"" + name + "\" is not a function known here");
    }
  }

  /** {@code of | name(…)}. */
  record Filter(Expression of, String name, Callable callable, Passed passed)
      implements Expression {
    @Override
    public Object value(Scope scope) {
      scope.step(scope.line());
      return callable.call(passed.values(name, scope, of.value(scope)));
    }
  }

  /** {@code a and b}, {@code a or b}: one of the two values. */
  record Choice(boolean wantsTruth, Expression a, Expression b) implements Expression {
    @Override
    public Object value(Scope scope) {
      Object first = a.value(scope);
      return Values.truth(first) == wantsTruth ? first : b.value(scope);
    }
  }

  /** {@code yes if condition else no}. */
  record Conditional(Expression condition, Expression yes, Expression no) implements Expression {
    @Override
    public Object value(Scope scope) {
      return (Values.truth(condition.value(scope)) ? yes : no).value(scope);
    }
  }

  /** {@code a operator b}. */
  record Binary(String operator, Expression a, Expression b) implements Expression {
    @Override
    public Object value(Scope scope) {
      Object x = a.value(scope);
      Object y = b.value(scope);
      return switch (operator) {
        case "==" -> Values.equal(x, y);
        case "!=" -> !Values.equal(x, y);
        case "<" -> Values.compare(x, y) < 0;
        case "<=" -> Values.compare(x, y) <= 0;
        case ">" -> Values.compare(x, y) > 0;
        case ">=" -> Values.compare(x, y) >= 0;
        case "in" -> Values.contains(y, x);
        case "not in" -> !Values.contains(y, x);
        case "~" -> Values.text(x).plus(Values.text(y));
        case "+" -> Values.add(x, y);
        case "*" ->
            x instanceof FramedText text
                ? Members.repeated(text, Values.integer("the count", y))
                : Values.arithmetic(operator, x, y);
        default -> Values.arithmetic(operator, x, y);
      };
    }
  }

  /** {@code not a}. */
  record Not(Expression a) implements Expression {
    @Override
    public Object value(Scope scope) {
      return !Values.truth(a.value(scope));
    }
  }

  /** {@code -a}. */
  record Negative(Expression a) implements Expression {
    @Override
    public Object value(Scope scope) {
      return Values.arithmetic("-", 0L, a.value(scope));
    }
  }
}
