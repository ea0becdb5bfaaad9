package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.grade.Rational;
import org.etalon.data.grade.math.FormulaLexer.Kind;
import org.etalon.data.grade.math.FormulaLexer.Token;

/** Reads what binds tightest: numbers, names, functions, commands, matrices and brackets. */
final class FactorParser {
  private static final ImmutableSet<String> APPLIED = ImmutableSet.of("f", "g");

  /** Bases in words. */
  private static final ImmutableMap<String, String> NUMERALS =
      ImmutableMap.<String, String>builder()
          .put("two", "2")
          .put("three", "3")
          .put("four", "4")
          .put("five", "5")
          .put("six", "6")
          .put("seven", "7")
          .put("eight", "8")
          .put("nine", "9")
          .put("ten", "10")
          .put("twelve", "12")
          .put("sixteen", "16")
          .buildOrThrow();

  private final FormulaTokens in;
  private final FormulaParser formulas;
  private int bars;
  private int functions;

  FactorParser(FormulaTokens in, FormulaParser formulas) {
    this.in = in;
    this.formulas = formulas;
  }

  /** Whether the next bar closes an absolute value. */
  boolean isWithinBars() {
    return bars > 0;
  }

  /** A number, a name, a function, a command, a matrix or something in brackets. */
  Node primary() throws FormulaException {
    Token token = in.next();
    return switch (token.kind()) {
      case NUMBER -> number(token);
      case SYMBOL -> symbol(token);
      case FUNCTION -> function(token.text());
      case COMMAND -> command(token.text());
      case BEGIN -> matrix(token.text());
      case WORD -> {
        // A name such as "Area", but only where something is said of it.
        if (!in.peek().is(Kind.RELATION, "=")) {
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
    if (in.takeOperator("_")) {
      return new Node.Apply("base" + subscript(), List.of(new Node.Num(value)));
    }
    int before = in.place();
    if (value.isInteger() && in.take(Kind.COMMAND, "frac")) {
      Node part = fraction();
      if (mixes(part)) {
        return new Node.Sum(List.of(new Node.Num(value), part));
      }
      // 2 and 3/2 side by side may be meant as a product: neither reading is safe.
      if (isNumeric(part)) {
        throw new FormulaException("a mixed number whose part is not below 1");
      }
      in.goTo(before);
    }
    boolean plain =
        value.isInteger()
            && in.peek().kind() == Kind.NUMBER
            && in.peek(1).is(Kind.OPERATOR, "/")
            && in.peek(2).kind() == Kind.NUMBER;
    if (plain) {
      Node over = new Node.Num(rational(in.next().text()));
      in.next();
      Node.Quotient part = new Node.Quotient(over, new Node.Num(rational(in.next().text())));
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

  private static boolean isNumeric(Node node) {
    return node instanceof Node.Num
        || (!Nodes.parts(node).isEmpty()
            && (node instanceof Node.Quotient || node instanceof Node.Sum)
            && Nodes.parts(node).stream().allMatch(FactorParser::isNumeric));
  }

  private Node symbol(Token token) throws FormulaException {
    String name = token.text();
    if (in.takeOperator("_")) {
      String subscript = subscript();
      if (subscript.isEmpty()) {
        return new Node.Apply(name + "_", List.of(group()));
      }
      name += "_" + subscript;
    }
    boolean applied =
        in.peek().is(Kind.OPERATOR, "(")
            && (APPLIED.contains(name)
                || isDefined()
                || (name.length() == 1
                    && Character.isUpperCase(name.charAt(0))
                    && in.peek(1).kind() == Kind.SYMBOL
                    && in.peek(2).is(Kind.OPERATOR, ")")));
    if (applied) {
      in.next();
      return new Node.Apply(name, formulas.items(Kind.OPERATOR, ")"));
    }
    return new Node.Symbol(name);
  }

  /** Whether what follows is {@code (2) =}, or with a name in the brackets. */
  private boolean isDefined() {
    return (in.peek(1).kind() == Kind.NUMBER || in.peek(1).kind() == Kind.SYMBOL)
        && in.peek(2).is(Kind.OPERATOR, ")")
        && in.peek(3).is(Kind.RELATION, "=");
  }

  /**
   * A subscript that is a name or a number; empty if it is a formula, of which nothing is taken.
   */
  private String subscript() throws FormulaException {
    if (in.peek().kind() == Kind.NUMBER || in.peek().kind() == Kind.SYMBOL) {
      return in.next().text();
    }
    int before = in.place();
    StringBuilder name = new StringBuilder();
    if (in.takeOperator("{")) {
      while (in.peek().kind() == Kind.NUMBER
          || in.peek().kind() == Kind.SYMBOL
          || in.peek().kind() == Kind.WORD) {
        String text = in.next().text();
        name.append(NUMERALS.getOrDefault(text, text));
      }
      if (name.length() > 0 && in.takeOperator("}")) {
        return name.toString();
      }
    }
    in.goTo(before);
    return "";
  }

  private Node function(String name) throws FormulaException {
    functions++;
    Node value = applied(name);
    functions--;
    return value;
  }

  /** Whether what is read is the argument of a function. */
  boolean isWithinFunction() {
    return functions > 0;
  }

  private Node applied(String name) throws FormulaException {
    Node exponent = in.takeOperator("^") ? formulas.exponent() : null;
    List<Node> arguments = new ArrayList<>();
    if (in.takeOperator("_")) {
      arguments.add(argument());
    }
    if (exponent == null && in.takeOperator("^")) {
      exponent = formulas.exponent();
    }
    if (in.takeOperator("(")) {
      arguments.addAll(formulas.items(Kind.OPERATOR, ")"));
    } else {
      Node argument = formulas.signed();
      while (formulas.startsFactor() && in.peek().kind() != Kind.FUNCTION) {
        argument = FormulaParser.times(argument, formulas.power());
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
      case "surd" -> new Node.Root(2, primary());
      case "binom" -> new Node.Apply("binom", List.of(argument(), argument()));
      case "sum", "prod" -> series(name);
      case "mathbb" -> new Node.Symbol("mathbb " + nameOf(argument()));
      case "overline" -> new Node.Apply("overline", List.of(argument()));
      case "lfloor" -> new Node.Apply("floor", formulas.items(Kind.COMMAND, "rfloor"));
      case "lceil" -> new Node.Apply("ceil", formulas.items(Kind.COMMAND, "rceil"));
      case "langle" -> new Node.Bracketed('<', formulas.items(Kind.COMMAND, "rangle"), '>');
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
    if (in.takeOperator("[")) {
      if (!(formulas.relation() instanceof Node.Num number)
          || !number.value().isInteger()
          || number.value().numerator().bitLength() > 8
          || number.value().numerator().signum() <= 0
          || !in.takeOperator("]")) {
        throw new FormulaException("a root's degree");
      }
      degree = number.value().numerator().intValue();
    }
    return new Node.Root(degree, in.peek().is(Kind.OPERATOR, "(") ? primary() : argument());
  }

  /** {@code \sum_{k=a}^{b} body}. */
  private Node series(String name) throws FormulaException {
    if (!in.takeOperator("_")
        || !(group() instanceof Node.Relation from)
        || from.sides().size() != 2
        || !in.takeOperator("^")) {
      throw new FormulaException(name + " without bounds");
    }
    Node to = formulas.exponent();
    return new Node.Apply(
        name, List.of(from.sides().get(0), from.sides().get(1), to, formulas.product()));
  }

  /** A group, or as in LaTeX the next character alone. */
  private Node argument() throws FormulaException {
    if (in.peek().is(Kind.OPERATOR, "{")) {
      return group();
    }
    Token token = in.peek();
    if (token.kind() == Kind.NUMBER && token.text().length() > 1) {
      in.replace(new Token(Kind.NUMBER, token.text().substring(1), false));
      return new Node.Num(rational(token.text().substring(0, 1)));
    }
    if (token.kind() == Kind.NUMBER) {
      in.next();
      return new Node.Num(rational(token.text()));
    }
    return primary();
  }

  /** What stands in braces. */
  Node group() throws FormulaException {
    if (!in.takeOperator("{")) {
      throw new FormulaException("expected a group");
    }
    return formulas.listing(Kind.OPERATOR, "}");
  }

  private Node bracket(String open) throws FormulaException {
    switch (open) {
      case "(", "[" -> {
        return tuple(open.charAt(0));
      }
      case "{" -> {
        return formulas.listing(Kind.OPERATOR, "}");
      }
      case "\\{" -> {
        if (takeSuchThat()) {
          return formulas.listing(Kind.OPERATOR, "\\}");
        }
        return new Node.Elements(formulas.items(Kind.OPERATOR, "\\}"));
      }
      case "|" -> {
        bars++;
        Node inner = formulas.sum();
        bars--;
        if (!in.takeOperator("|")) {
          throw new FormulaException("an open bar");
        }
        return new Node.Apply("abs", List.of(inner));
      }
      default -> throw new FormulaException("unexpected " + open);
    }
  }

  /** {@code x |} or {@code x :} of a set that a relation describes. */
  private boolean takeSuchThat() {
    boolean suchThat =
        in.peek().kind() == Kind.SYMBOL
            && (in.peek(1).is(Kind.OPERATOR, "|") || in.peek(1).is(Kind.OPERATOR, ":"));
    if (suchThat) {
      in.goTo(in.place() + 2);
    }
    return suchThat;
  }

  private Node tuple(char open) throws FormulaException {
    in.enter();
    List<Node> items = new ArrayList<>();
    while (true) {
      int outer = bars;
      bars = 0;
      items.add(formulas.relation());
      bars = outer;
      if (in.peek().is(Kind.OPERATOR, ")") || in.peek().is(Kind.OPERATOR, "]")) {
        char close = in.next().text().charAt(0);
        in.leave();
        boolean grouping = items.size() == 1 && (open == '(') == (close == ')');
        return grouping ? items.get(0) : new Node.Bracketed(open, items, close);
      }
      if (!in.take(Kind.SEPARATOR, ",") && !in.take(Kind.SEPARATOR, ";")) {
        throw new FormulaException("unexpected " + in.peek().text());
      }
    }
  }

  private Node matrix(String environment) throws FormulaException {
    if (!environment.matches("[pbvB]?matrix|smallmatrix|array")) {
      throw new FormulaException("environment " + environment);
    }
    if (environment.equals("array") && in.takeOperator("{")) {
      while (!in.takeOperator("}")) {
        if (in.next().kind() == Kind.END) {
          throw new FormulaException("an open array");
        }
      }
    }
    in.enter();
    List<List<Node>> rows = new ArrayList<>();
    List<Node> row = new ArrayList<>();
    while (!in.take(Kind.FINISH, environment)) {
      if (in.take(Kind.SEPARATOR, "\\\\")) {
        rows.add(row);
        row = new ArrayList<>();
      } else if (!in.take(Kind.SEPARATOR, "&")) {
        row.add(formulas.relation());
      }
    }
    if (!row.isEmpty()) {
      rows.add(row);
    }
    in.leave();
    int columns = rows.isEmpty() ? 0 : rows.get(0).size();
    if (columns == 0 || rows.stream().anyMatch(r -> r.size() != columns)) {
      throw new FormulaException("a matrix whose rows differ in length");
    }
    Node value = new Node.Matrix(rows);
    return environment.equals("vmatrix") ? Matrices.determinant(rows) : value;
  }
}
