package org.etalon.data.text.jinja;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.text.jinja.Token.Kind;

/** Reads expressions; each method one level of precedence, loosest first. */
final class ExpressionParser {
  private static final ImmutableSet<String> COMPARISONS =
      ImmutableSet.of("==", "!=", "<", "<=", ">", ">=");
  private static final Expression UNDEFINED =
      new Expression.Literal(new Undefined("the value of an if without else"));

  private final TokenReader in;

  ExpressionParser(TokenReader in) {
    this.in = in;
  }

  /** An expression, or several with commas between them as a list. */
  Expression list() {
    Expression first = conditional();
    if (!in.peek().is(Kind.OPERATOR, ",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (in.takeOperator(",") && in.peek().kind() != Kind.CLOSE) {
      items.add(conditional());
    }
    return new Expression.Items(items);
  }

  Expression conditional() {
    in.enter();
    Expression value = or();
    while (in.takeName("if")) {
      Expression condition = or();
      Expression otherwise = in.takeName("else") ? conditional() : UNDEFINED;
      value = new Expression.Conditional(condition, value, otherwise);
    }
    in.leave();
    return value;
  }

  /** An expression that ends before {@code if}: what a loop goes through. */
  Expression or() {
    Expression left = and();
    while (in.takeName("or")) {
      left = new Expression.Choice(true, left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (in.takeName("and")) {
      left = new Expression.Choice(false, left, not());
    }
    return left;
  }

  private Expression not() {
    if (in.takeName("not")) {
      in.enter();
      Expression negated = new Expression.Not(not());
      in.leave();
      return negated;
    }
    return comparison();
  }

  private Expression comparison() {
    Expression left = sum();
    List<Expression> all = new ArrayList<>();
    while (true) {
      Token token = in.peek();
      String operator;
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        operator = in.next().text();
      } else if (in.takeName("in")) {
        operator = "in";
      } else if (token.is(Kind.NAME, "not") && in.peekSecond().is(Kind.NAME, "in")) {
        in.next();
        in.next();
        operator = "not in";
      } else {
        break;
      }
      Expression right = sum();
      all.add(new Expression.Binary(operator, left, right));
      left = right;
    }
    return all.stream().reduce((a, b) -> new Expression.Choice(false, a, b)).orElse(left);
  }

  private Expression sum() {
    Expression left = concatenation();
    while (in.peek().is(Kind.OPERATOR, "+") || in.peek().is(Kind.OPERATOR, "-")) {
      left = new Expression.Binary(in.next().text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (in.takeOperator("~")) {
      left = new Expression.Binary("~", left, product());
    }
    return left;
  }

  private Expression product() {
    Expression left = unary();
    while (in.peek().kind() == Kind.OPERATOR
        && ImmutableSet.of("*", "/", "//", "%").contains(in.peek().text())) {
      left = new Expression.Binary(in.next().text(), left, unary());
    }
    return left;
  }

  private Expression unary() {
    Expression base = filtered(signed());
    return in.takeOperator("**") ? new Expression.Binary("**", base, unary()) : base;
  }

  /** A value with its sign; filters come after it. */
  private Expression signed() {
    if (in.takeOperator("-")) {
      in.enter();
      Expression negative = new Expression.Negative(signed());
      in.leave();
      return negative;
    }
    in.takeOperator("+");
    return members(primary());
  }

  private Expression primary() {
    Token token = in.next();
    return switch (token.kind()) {
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (in.peek().kind() == Kind.STRING) {
          text.append(in.next().text());
        }
        yield new Expression.Literal(FramedText.framing(text.toString()));
      }
      case INTEGER -> new Expression.Literal(integer(token));
      case FLOAT -> new Expression.Literal(Double.parseDouble(token.text()));
      case NAME -> name(token.text());
      case OPERATOR -> bracket(token);
      default -> throw unexpected(token);
    };
  }

  private static Long integer(Token token) {
    try {
      return Long.parseLong(token.text());
    } catch (NumberFormatException e) {
      throw new TemplateException("line " + token.line() + ": number too large: " + token.text());
    }
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Literal(true);
      case "false", "False" -> new Expression.Literal(false);
      case "none", "None" -> new Expression.Literal(null);
      default -> new Expression.Name(name);
    };
  }

  private Expression bracket(Token open) {
    switch (open.text()) {
      case "(" -> {
        List<Expression> items = items(")");
        boolean one = items.size() == 1;
        return one ? items.get(0) : new Expression.Items(items);
      }
      case "[" -> {
        return new Expression.Items(items("]"));
      }
      case "{" -> {
        return dictionary();
      }
      default -> throw unexpected(open);
    }
  }

  private List<Expression> items(String close) {
    List<Expression> items = new ArrayList<>();
    while (!in.takeOperator(close)) {
      items.add(conditional());
      if (!in.takeOperator(",")) {
        in.expectOperator(close);
        break;
      }
    }
    return items;
  }

  private Expression dictionary() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!in.takeOperator("}")) {
      keys.add(conditional());
      in.expectOperator(":");
      values.add(conditional());
      if (!in.takeOperator(",")) {
        in.expectOperator("}");
        break;
      }
    }
    return new Expression.Dictionary(keys, values);
  }

  private Expression members(Expression start) {
    Expression value = start;
    String name = start instanceof Expression.Name n ? n.name() : "this";
    while (true) {
      if (in.takeOperator(".")) {
        name = in.peek().kind() == Kind.INTEGER ? "" : in.name();
        value =
            name.isEmpty()
                ? new Expression.Element(value, new Expression.Literal(integer(in.next())))
                : new Expression.Field(value, name);
      } else if (in.takeOperator("[")) {
        value = element(value);
      } else if (in.takeOperator("(")) {
        value = new Expression.Call(value, name, passed());
      } else {
        return value;
      }
    }
  }

  private Expression element(Expression of) {
    Optional<Expression> from = bound();
    if (in.takeOperator("]")) {
      return new Expression.Element(of, from.orElseThrow(() -> in.failure("expected an index")));
    }
    in.expectOperator(":");
    Optional<Expression> to = bound();
    Optional<Expression> step = in.takeOperator(":") ? bound() : Optional.empty();
    in.expectOperator("]");
    return new Expression.Slice(of, from, to, step);
  }

  private Optional<Expression> bound() {
    boolean none = in.peek().is(Kind.OPERATOR, ":") || in.peek().is(Kind.OPERATOR, "]");
    return none ? Optional.empty() : Optional.of(conditional());
  }

  /** Arguments after their opening bracket. */
  private Expression.Passed passed() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!in.takeOperator(")")) {
      if (in.peek().kind() == Kind.NAME && in.peekSecond().is(Kind.OPERATOR, "=")) {
        String name = in.name();
        in.next();
        named.put(name, conditional());
      } else {
        positional.add(conditional());
      }
      if (!in.takeOperator(",")) {
        in.expectOperator(")");
        break;
      }
    }
    return new Expression.Passed(positional, named);
  }

  private Expression filtered(Expression start) {
    Expression value = start;
    while (true) {
      if (in.takeOperator("|")) {
        TemplateException unknown = in.failure("expected a filter known here");
        String name = in.name();
        Callable filter = Filters.named(name).orElseThrow(() -> unknown);
        value = members(new Expression.Filter(value, name, filter, optionalArguments()));
      } else if (in.takeName("is")) {
        value = test(value);
      } else {
        return value;
      }
    }
  }

  private Expression.Passed optionalArguments() {
    return in.takeOperator("(") ? passed() : new Expression.Passed(List.of(), Map.of());
  }

  private Expression test(Expression value) {
    boolean negated = in.takeName("not");
    TemplateException unknown = in.failure("expected a test known here");
    String name = in.name();
    if (!Tests.isKnown(name)) {
      throw unknown;
    }
    Expression.Passed passed = optionalArguments();
    boolean bare =
        ImmutableSet.of("equalto", "eq", "ne", "in", "divisibleby").contains(name)
            && passed.positional().isEmpty();
    if (bare) {
      passed = new Expression.Passed(List.of(members(primary())), Map.of());
    }
    Expression test = new Tests.Test(value, name, passed);
    return negated ? new Expression.Not(test) : test;
  }

  private static TemplateException unexpected(Token token) {
    return new TemplateException(
        "line " + token.line() + ": expected a value, got " + token.shown());
  }
}
