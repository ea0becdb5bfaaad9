package org.etalon.data.grade.math;

import java.util.ArrayList;
import java.util.List;
import org.etalon.data.grade.Rational;
import org.etalon.data.grade.math.FormulaLexer.Kind;
import org.etalon.data.grade.math.FormulaLexer.Token;

/**
 * Reads tokens into a formula, from lists down to powers; each method one level of binding, loosest
 * first. What is raised to a power is {@link FactorParser}'s.
 */
final class FormulaParser {
  private static final Node MINUS_ONE = new Node.Num(Rational.of(-1));

  private final FormulaTokens in;
  private final FactorParser factors;

  private FormulaParser(FormulaTokens in) {
    this.in = in;
    this.factors = new FactorParser(in, this);
  }

  /**
   * A whole answer.
   *
   * @throws FormulaException if it is no formula, or too long or deep
   */
  static Node parse(String text) throws FormulaException {
    var parser = new FormulaParser(new FormulaTokens(FormulaLexer.tokens(text)));
    return parser.listing(Kind.END, "");
  }

  /** Answers up to the closing token, which is taken. */
  Node listing(Kind closing, String text) throws FormulaException {
    List<Node> items = items(closing, text);
    if (items.isEmpty()) {
      throw new FormulaException("empty");
    }
    return items.size() == 1 ? items.get(0) : new Node.Listing(items);
  }

  List<Node> items(Kind closing, String text) throws FormulaException {
    in.enter();
    List<Node> items = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    boolean awaited = false;
    while (!in.take(closing, text)) {
      if (in.take(Kind.SEPARATOR, FormulaLexer.AND)) {
        awaited = true;
      } else if (in.take(Kind.SEPARATOR, ";")) {
        ends.add(items.size());
      } else if (!in.take(Kind.SEPARATOR, ",")) {
        items.add(relation());
        awaited = false;
        Token after = in.peek();
        if (!after.is(closing, text) && after.kind() != Kind.SEPARATOR) {
          throw new FormulaException("unexpected " + after.text());
        }
      }
    }
    if (awaited) {
      throw new FormulaException("nothing after and");
    }
    in.leave();
    ends.add(items.size());
    return grouped(items, ends);
  }

  /**
   * Items as they stand, or tuples where semicolons part longer groups: {@code p=5,q=2;p=7,q=2}.
   */
  private static List<Node> grouped(List<Node> items, List<Integer> ends) {
    if (ends.size() < 2 || ends.size() >= items.size()) {
      return items;
    }
    List<Node> groups = new ArrayList<>();
    int from = 0;
    for (int end : ends) {
      List<Node> group = items.subList(from, end);
      if (group.size() == 1) {
        groups.add(group.get(0));
      } else if (!group.isEmpty()) {
        groups.add(new Node.Bracketed(Statements.POINT, List.copyOf(group), Statements.POINT));
      }
      from = end;
    }
    return groups;
  }

  Node relation() throws FormulaException {
    List<Node> sides = new ArrayList<>(List.of(sets()));
    List<String> operators = new ArrayList<>();
    while (in.peek().kind() == Kind.RELATION) {
      operators.add(in.next().text());
      sides.add(sets());
    }
    return operators.isEmpty() ? sides.get(0) : new Node.Relation(sides, operators);
  }

  private Node sets() throws FormulaException {
    Node left = ratio();
    while (true) {
      if (in.takeOperator("∪")) {
        in.link();
        left = new Node.SetOperation("union", left, ratio());
      } else if (in.takeOperator("∩")) {
        in.link();
        left = new Node.SetOperation("intersection", left, ratio());
      } else if (in.takeOperator("∖")) {
        in.link();
        left = new Node.SetOperation("difference", left, ratio());
      } else {
        return left;
      }
    }
  }

  private Node ratio() throws FormulaException {
    List<Node> parts = new ArrayList<>(List.of(sum()));
    while (in.takeOperator(":")) {
      parts.add(sum());
    }
    return parts.size() == 1 ? parts.get(0) : new Node.Ratio(parts);
  }

  Node sum() throws FormulaException {
    in.enter();
    Node left;
    if (in.takeOperator("±")) {
      left = new Node.PlusMinus(new Node.Num(Rational.ZERO), product());
    } else if (in.takeOperator("∓")) {
      left = new Node.PlusMinus(new Node.Num(Rational.ZERO), negative(product()));
    } else {
      left = product();
    }
    while (true) {
      if (in.takeOperator("+")) {
        left = plus(left, product());
      } else if (in.takeOperator("-")) {
        left = plus(left, negative(product()));
      } else if (in.takeOperator("±")) {
        in.link();
        left = new Node.PlusMinus(left, product());
      } else if (in.takeOperator("∓")) {
        in.link();
        left = new Node.PlusMinus(left, negative(product()));
      } else {
        in.leave();
        return left;
      }
    }
  }

  private static Node plus(Node left, Node right) {
    List<Node> terms = new ArrayList<>();
    if (left instanceof Node.Sum sum) {
      terms.addAll(sum.terms());
    } else {
      terms.add(left);
    }
    terms.add(right);
    return new Node.Sum(terms);
  }

  static Node negative(Node node) {
    return node instanceof Node.Num number
        ? new Node.Num(number.value().negate())
        : new Node.Product(List.of(MINUS_ONE, node));
  }

  static Node times(Node left, Node right) {
    List<Node> factors = new ArrayList<>();
    if (left instanceof Node.Product product) {
      factors.addAll(product.factors());
    } else {
      factors.add(left);
    }
    factors.add(right);
    return new Node.Product(factors);
  }

  Node product() throws FormulaException {
    Node left = signed();
    while (true) {
      if (in.takeOperator("*")) {
        left = times(left, signed());
      } else if (in.takeOperator("/")) {
        in.link();
        left = new Node.Quotient(left, signed());
      } else if (in.take(Kind.COMMAND, "choose")) {
        left = new Node.Apply("binom", List.of(left, sum()));
      } else if (startsFactor()) {
        left = times(left, power());
      } else {
        return left;
      }
    }
  }

  Node signed() throws FormulaException {
    boolean negative = false;
    while (in.peek().is(Kind.OPERATOR, "-") || in.peek().is(Kind.OPERATOR, "+")) {
      negative ^= in.next().text().equals("-");
    }
    Node value = power();
    return negative ? negative(value) : value;
  }

  /** Whether a factor follows without a sign of multiplication. */
  boolean startsFactor() {
    Token token = in.peek();
    return switch (token.kind()) {
      case SYMBOL, FUNCTION, BEGIN -> true;
      case COMMAND -> !token.text().matches("r.*|circ|degree|choose");
      case NUMBER -> in.previous().kind() != Kind.NUMBER;
      case OPERATOR ->
          token.text().matches("[(\\[{]|\\\\\\{")
              || (token.text().equals("|") && !factors.isWithinBars());
      default -> false;
    };
  }

  Node power() throws FormulaException {
    in.enter();
    Node base = postfixed(factors.primary());
    while (in.takeOperator("^")) {
      if (takeDegree()) {
        base = degrees(base);
        continue;
      }
      in.link();
      base = postfixed(new Node.Power(base, exponent()));
    }
    in.leave();
    return base;
  }

  Node exponent() throws FormulaException {
    boolean negative = in.takeOperator("-");
    Node value = in.peek().is(Kind.OPERATOR, "{") ? factors.group() : power();
    return negative ? negative(value) : value;
  }

  /** {@code \circ}, with or without braces: a unit. */
  private boolean takeDegree() {
    boolean braces =
        in.peek().is(Kind.OPERATOR, "{")
            && in.peek(1).is(Kind.COMMAND, "circ")
            && in.peek(2).is(Kind.OPERATOR, "}");
    if (braces) {
      in.goTo(in.place() + 3);
    }
    return braces || in.take(Kind.COMMAND, "circ");
  }

  /** An angle in degrees: a number with a unit, but of which a sine can be taken. */
  private Node degrees(Node angle) {
    return factors.isWithinFunction()
        ? new Node.Product(
            List.of(
                angle, new Node.Symbol("pi"), new Node.Num(Rational.ONE.over(Rational.of(180)))))
        : angle;
  }

  private Node postfixed(Node start) throws FormulaException {
    Node value = start;
    while (true) {
      if (in.takeOperator("!")) {
        in.link();
        value = new Node.Apply("factorial", List.of(value));
      } else if (in.takeOperator("%")) {
        in.link();
        value = new Node.Quotient(value, new Node.Num(Rational.of(100)));
      } else if (in.takeOperator("'")) {
        in.link();
        value = new Node.Apply("'", List.of(value));
      } else if (in.take(Kind.COMMAND, "degree")) {
        value = degrees(value);
      } else {
        return value;
      }
    }
  }
}
