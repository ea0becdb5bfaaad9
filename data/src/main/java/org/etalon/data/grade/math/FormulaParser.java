package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.grade.Rational;
import org.etalon.data.grade.math.FormulaLexer.Kind;
import org.etalon.data.grade.math.FormulaLexer.Token;

/** Reads tokens into a formula; each method one level of binding, loosest first. */
final class FormulaParser {
  private static final int DEEPEST = 60;
  private static final String AND = FormulaLexer.AND;
  private static final Node MINUS_ONE = new Node.Num(Rational.of(-1));
  private static final ImmutableSet<String> APPLIED = ImmutableSet.of("f", "g", "h");

  private final List<Token> tokens;
  private int at;
  private int depth;
  private int bars;

  private FormulaParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /**
   * A whole answer.
   *
   * @throws FormulaException if it is no formula, or too long or deep
   */
  static Node parse(String text) throws FormulaException {
    FormulaParser parser = new FormulaParser(new ArrayList<>(FormulaLexer.tokens(text)));
    Node node = parser.listing(Kind.END, "");
    return node;
  }

  /** Answers up to the closing token, which is taken. */
  private Node listing(Kind closing, String text) throws FormulaException {
    List<Node> items = items(closing, text);
    if (items.isEmpty()) {
      throw new FormulaException("empty");
    }
    return items.size() == 1 ? items.get(0) : new Node.Listing(items);
  }

  private List<Node> items(Kind closing, String text) throws FormulaException {
    enter();
    List<Node> items = new ArrayList<>();
    boolean awaited = false;
    while (!take(closing, text)) {
      if (take(Kind.SEPARATOR, AND)) {
        awaited = true;
      } else if (!take(Kind.SEPARATOR, ",")) {
        items.add(relation());
        awaited = false;
        Token after = peek();
        if (!after.is(closing, text) && after.kind() != Kind.SEPARATOR) {
          throw new FormulaException("unexpected " + after.text());
        }
      }
    }
    if (awaited) {
      throw new FormulaException("nothing after and");
    }
    leave();
    return items;
  }

  private Node relation() throws FormulaException {
    List<Node> sides = new ArrayList<>(List.of(sets()));
    List<String> operators = new ArrayList<>();
    while (peek().kind() == Kind.RELATION) {
      operators.add(next().text());
      sides.add(sets());
    }
    return operators.isEmpty() ? sides.get(0) : new Node.Relation(sides, operators);
  }

  private Node sets() throws FormulaException {
    Node left = ratio();
    while (true) {
      if (takeOperator("∪")) {
        left = new Node.SetOperation("union", left, ratio());
      } else if (takeOperator("∩")) {
        left = new Node.SetOperation("intersection", left, ratio());
      } else if (takeOperator("∖")) {
        left = new Node.SetOperation("difference", left, ratio());
      } else {
        return left;
      }
    }
  }

  private Node ratio() throws FormulaException {
    List<Node> parts = new ArrayList<>(List.of(sum()));
    while (takeOperator(":")) {
      parts.add(sum());
    }
    return parts.size() == 1 ? parts.get(0) : new Node.Ratio(parts);
  }

  private Node sum() throws FormulaException {
    enter();
    Node left;
    if (takeOperator("±") || takeOperator("∓")) {
      left = new Node.PlusMinus(new Node.Num(Rational.ZERO), product());
    } else {
      left = product();
    }
    while (true) {
      if (takeOperator("+")) {
        left = plus(left, product());
      } else if (takeOperator("-")) {
        left = plus(left, negative(product()));
      } else if (takeOperator("±") || takeOperator("∓")) {
        left = new Node.PlusMinus(left, product());
      } else {
        leave();
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

  private static Node negative(Node node) {
    return node instanceof Node.Num number
        ? new Node.Num(number.value().negate())
        : new Node.Product(List.of(MINUS_ONE, node));
  }

  private static Node times(Node left, Node right) {
    List<Node> factors = new ArrayList<>();
    if (left instanceof Node.Product product) {
      factors.addAll(product.factors());
    } else {
      factors.add(left);
    }
    factors.add(right);
    return new Node.Product(factors);
  }

  private Node product() throws FormulaException {
    Node left = signed();
    while (true) {
      if (takeOperator("*")) {
        left = times(left, signed());
      } else if (takeOperator("/")) {
        left = new Node.Quotient(left, signed());
      } else if (startsFactor()) {
        left = times(left, power());
      } else {
        return left;
      }
    }
  }

  private Node signed() throws FormulaException {
    boolean negative = false;
    while (peek().is(Kind.OPERATOR, "-") || peek().is(Kind.OPERATOR, "+")) {
      negative ^= next().text().equals("-");
    }
    Node value = power();
    return negative ? negative(value) : value;
  }

  /** Whether a factor follows without a sign of multiplication. */
  private boolean startsFactor() {
    Token token = peek();
    return switch (token.kind()) {
      case SYMBOL, FUNCTION, BEGIN -> true;
      case COMMAND -> !token.text().matches("r.*|circ|degree");
      case NUMBER -> tokens.get(at - 1).kind() != Kind.NUMBER;
      case OPERATOR ->
          token.text().matches("[(\\[{]|\\\\\\{") || (token.text().equals("|") && bars == 0);
      default -> false;
    };
  }

  private Node power() throws FormulaException {
    enter();
    Node base = postfixed(primary());
    while (takeOperator("^")) {
      if (takeDegree()) {
        continue;
      }
      base = postfixed(new Node.Power(base, exponent()));
    }
    leave();
    return base;
  }

  private Node exponent() throws FormulaException {
    boolean negative = takeOperator("-");
    Node value = peek().is(Kind.OPERATOR, "{") ? group() : power();
    return negative ? negative(value) : value;
  }

  /** {@code \circ}, with or without braces: a unit. */
  private boolean takeDegree() {
    boolean braces =
        peek().is(Kind.OPERATOR, "{")
            && tokens.get(at + 1).is(Kind.COMMAND, "circ")
            && tokens.get(at + 2).is(Kind.OPERATOR, "}");
    if (braces) {
      at += 3;
    }
    return braces || take(Kind.COMMAND, "circ");
  }

  private Node postfixed(Node start) throws FormulaException {
    Node value = start;
    while (true) {
      if (takeOperator("!")) {
        value = new Node.Apply("factorial", List.of(value));
      } else if (takeOperator("%")) {
        value = new Node.Quotient(value, new Node.Num(Rational.of(100)));
      } else if (takeOperator("'")) {
        value = new Node.Apply("'", List.of(value));
      } else if (!take(Kind.COMMAND, "degree")) {
        return value;
      }
    }
  }

  private Node primary() throws FormulaException {
    Token token = next();
    return switch (token.kind()) {
      case NUMBER -> number(token);
      case SYMBOL -> symbol(token);
      case FUNCTION -> function(token.text());
      case COMMAND -> command(token.text());
      case BEGIN -> matrix(token.text());
      case WORD -> {
        // A name such as "Area", but only where something is said of it.
        if (!peek().is(Kind.RELATION, "=")) {
          throw new FormulaException("the word " + token.text());
        }
        yield new Node.Symbol(token.text());
      }
      case OPERATOR -> bracket(token.text());
      default -> throw new FormulaException("unexpected " + token.text());
    };
  }

  private static Rational rational(String literal) {
    int point = literal.indexOf('.');
    return point < 0
        ? Rational.of(new BigInteger(literal))
        : new Rational(
            new BigInteger("0" + literal.replace(".", "")),
            BigInteger.TEN.pow(literal.length() - point - 1));
  }

  /** A number, a mixed number, or a number in another base. */
  private Node number(Token token) throws FormulaException {
    Rational value = rational(token.text());
    if (takeOperator("_")) {
      return new Node.Apply("base" + subscript(), List.of(new Node.Num(value)));
    }
    int before = at;
    if (value.isInteger() && take(Kind.COMMAND, "frac")) {
      Node part = fraction();
      if (mixes(part)) {
        return new Node.Sum(List.of(new Node.Num(value), part));
      }
      // 2 and 3/2 side by side may be meant as a product: neither reading is safe.
      if (Exact.of(part).isPresent()) {
        throw new FormulaException("a mixed number whose part is not below 1");
      }
      at = before;
    }
    boolean plain =
        value.isInteger()
            && peek().kind() == Kind.NUMBER
            && tokens.get(at + 1).is(Kind.OPERATOR, "/")
            && tokens.get(at + 2).kind() == Kind.NUMBER;
    if (plain) {
      Node over = new Node.Num(rational(next().text()));
      next();
      Node.Quotient part = new Node.Quotient(over, new Node.Num(rational(next().text())));
      if (!mixes(part)) {
        throw new FormulaException("a mixed number whose part is not below 1");
      }
      return new Node.Sum(List.of(new Node.Num(value), part));
    }
    return new Node.Num(value);
  }

  /** Whether a fraction is one of numbers, above 0 and below 1. */
  private static boolean mixes(Node node) {
    return node instanceof Node.Quotient part
        && part.over() instanceof Node.Num over
        && part.under() instanceof Node.Num under
        && over.value().isInteger()
        && under.value().isInteger()
        && over.value().compareTo(Rational.ZERO) > 0
        && over.value().compareTo(under.value()) < 0;
  }

  private Node symbol(Token token) throws FormulaException {
    String name = token.text();
    if (takeOperator("_")) {
      int before = at;
      String subscript = subscript();
      if (subscript.isEmpty()) {
        at = before;
        return new Node.Apply(name + "_", List.of(group()));
      }
      name += "_" + subscript;
    }
    boolean applied =
        peek().is(Kind.OPERATOR, "(")
            && (APPLIED.contains(name)
                || (name.length() == 1
                    && Character.isUpperCase(name.charAt(0))
                    && tokens.get(at + 1).kind() == Kind.SYMBOL
                    && tokens.get(at + 2).is(Kind.OPERATOR, ")")));
    if (applied) {
      next();
      return new Node.Apply(name, items(Kind.OPERATOR, ")"));
    }
    return new Node.Symbol(name);
  }

  /**
   * A subscript that is a name or a number; empty if it is a formula, of which nothing is taken.
   */
  private String subscript() throws FormulaException {
    if (peek().kind() == Kind.NUMBER || peek().kind() == Kind.SYMBOL) {
      return next().text();
    }
    StringBuilder name = new StringBuilder();
    if (peek().is(Kind.OPERATOR, "{")) {
      int end = at + 1;
      while (tokens.get(end).kind() == Kind.NUMBER
          || tokens.get(end).kind() == Kind.SYMBOL
          || tokens.get(end).kind() == Kind.WORD) {
        name.append(tokens.get(end++).text());
      }
      if (tokens.get(end).is(Kind.OPERATOR, "}") && name.length() > 0) {
        at = end + 1;
        return name.toString();
      }
    }
    return "";
  }

  private Node function(String name) throws FormulaException {
    Node exponent = takeOperator("^") ? exponent() : null;
    List<Node> arguments = new ArrayList<>();
    if (takeOperator("_")) {
      arguments.add(argument());
    }
    if (exponent == null && takeOperator("^")) {
      exponent = exponent();
    }
    if (takeOperator("(")) {
      arguments.addAll(items(Kind.OPERATOR, ")"));
    } else {
      Node argument = signed();
      while (startsFactor() && peek().kind() != Kind.FUNCTION) {
        argument = times(argument, power());
      }
      arguments.add(argument);
    }
    if (arguments.isEmpty()) {
      throw new FormulaException(name + " of nothing");
    }
    boolean inverse = exponent instanceof Node.Num n && n.value().equals(Rational.of(-1));
    if (inverse && name.matches("sin|cos|tan")) {
      return new Node.Apply("arc" + name, arguments);
    }
    Node value = new Node.Apply(name, arguments);
    return exponent == null ? value : new Node.Power(value, exponent);
  }

  private Node command(String name) throws FormulaException {
    return switch (name) {
      case "frac" -> fraction();
      case "sqrt" -> root();
      case "binom" -> new Node.Apply("binom", List.of(argument(), argument()));
      case "sum", "prod" -> series(name);
      case "mathbb" -> new Node.Symbol("mathbb " + nameOf(argument()));
      case "overline" -> new Node.Apply("overline", List.of(argument()));
      case "lfloor" -> new Node.Apply("floor", items(Kind.COMMAND, "rfloor"));
      case "lceil" -> new Node.Apply("ceil", items(Kind.COMMAND, "rceil"));
      case "langle" -> new Node.Bracketed('<', items(Kind.COMMAND, "rangle"), '>');
      default -> throw new FormulaException("unexpected \\" + name);
    };
  }

  private static String nameOf(Node node) throws FormulaException {
    if (node instanceof Node.Symbol symbol) {
      return symbol.name();
    }
    throw new FormulaException("expected a name");
  }

  private Node fraction() throws FormulaException {
    Node over = argument();
    return new Node.Quotient(over, argument());
  }

  private Node root() throws FormulaException {
    int degree = 2;
    if (takeOperator("[")) {
      if (!(relation() instanceof Node.Num number)
          || !number.value().isInteger()
          || number.value().numerator().bitLength() > 8
          || number.value().numerator().signum() <= 0
          || !takeOperator("]")) {
        throw new FormulaException("a root's degree");
      }
      degree = number.value().numerator().intValue();
    }
    return new Node.Root(degree, peek().is(Kind.OPERATOR, "(") ? primary() : argument());
  }

  /** {@code \sum_{k=a}^{b} body}. */
  private Node series(String name) throws FormulaException {
    if (!takeOperator("_")
        || !(group() instanceof Node.Relation from)
        || from.sides().size() != 2
        || !takeOperator("^")) {
      throw new FormulaException(name + " without bounds");
    }
    Node to = exponent();
    return new Node.Apply(name, List.of(from.sides().get(0), from.sides().get(1), to, product()));
  }

  /** A group, or as in LaTeX the next character alone. */
  private Node argument() throws FormulaException {
    if (peek().is(Kind.OPERATOR, "{")) {
      return group();
    }
    Token token = peek();
    if (token.kind() == Kind.NUMBER && token.text().length() > 1) {
      tokens.set(at, new Token(Kind.NUMBER, token.text().substring(1), false));
      return new Node.Num(rational(token.text().substring(0, 1)));
    }
    if (token.kind() == Kind.NUMBER) {
      next();
      return new Node.Num(rational(token.text()));
    }
    return primary();
  }

  private Node group() throws FormulaException {
    if (!takeOperator("{")) {
      throw new FormulaException("expected a group");
    }
    return listing(Kind.OPERATOR, "}");
  }

  private Node bracket(String open) throws FormulaException {
    switch (open) {
      case "(", "[" -> {
        return tuple(open.charAt(0));
      }
      case "{" -> {
        return listing(Kind.OPERATOR, "}");
      }
      case "\\{" -> {
        return new Node.Elements(items(Kind.OPERATOR, "\\}"));
      }
      case "|" -> {
        bars++;
        Node inner = sum();
        bars--;
        if (!takeOperator("|")) {
          throw new FormulaException("an open bar");
        }
        return new Node.Apply("abs", List.of(inner));
      }
      default -> throw new FormulaException("unexpected " + open);
    }
  }

  private Node tuple(char open) throws FormulaException {
    enter();
    List<Node> items = new ArrayList<>();
    while (true) {
      int outer = bars;
      bars = 0;
      items.add(relation());
      bars = outer;
      if (peek().is(Kind.OPERATOR, ")") || peek().is(Kind.OPERATOR, "]")) {
        char close = next().text().charAt(0);
        leave();
        boolean grouping = items.size() == 1 && (open == '(') == (close == ')');
        return grouping ? items.get(0) : new Node.Bracketed(open, items, close);
      }
      if (!take(Kind.SEPARATOR, ",")) {
        throw new FormulaException("unexpected " + peek().text());
      }
    }
  }

  private Node matrix(String environment) throws FormulaException {
    if (!environment.matches("[pbvB]?matrix|smallmatrix|array")) {
      throw new FormulaException("environment " + environment);
    }
    if (environment.equals("array") && takeOperator("{")) {
      while (!takeOperator("}")) {
        if (next().kind() == Kind.END) {
          throw new FormulaException("an open array");
        }
      }
    }
    enter();
    List<List<Node>> rows = new ArrayList<>();
    List<Node> row = new ArrayList<>();
    while (!take(Kind.FINISH, environment)) {
      if (take(Kind.SEPARATOR, "\\\\")) {
        rows.add(row);
        row = new ArrayList<>();
      } else if (!take(Kind.SEPARATOR, "&")) {
        row.add(relation());
      }
    }
    if (!row.isEmpty()) {
      rows.add(row);
    }
    leave();
    int columns = rows.isEmpty() ? 0 : rows.get(0).size();
    if (columns == 0 || rows.stream().anyMatch(r -> r.size() != columns)) {
      throw new FormulaException("a matrix whose rows differ in length");
    }
    Node value = new Node.Matrix(rows);
    return environment.equals("vmatrix") ? new Node.Apply("det", List.of(value)) : value;
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() throws FormulaException {
    Token token = tokens.get(at);
    if (token.kind() == Kind.END) {
      throw new FormulaException("it ends too early");
    }
    at++;
    return token;
  }

  private boolean take(Kind kind, String text) {
    boolean here = peek().is(kind, text);
    if (here && kind != Kind.END) {
      at++;
    }
    return here;
  }

  private boolean takeOperator(String text) {
    return take(Kind.OPERATOR, text);
  }

  private void enter() throws FormulaException {
    if (++depth > DEEPEST) {
      throw new FormulaException("nested too deep");
    }
  }

  private void leave() {
    depth--;
  }
}
