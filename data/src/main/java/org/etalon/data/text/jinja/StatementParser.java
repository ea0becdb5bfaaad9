package org.etalon.data.text.jinja;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.etalon.data.text.jinja.Token.Kind;

/** Reads tags and the text between them. */
final class StatementParser {
  private static final Statement NOTHING = new Statement.Block(List.of());

  private final TokenReader in;
  private final ExpressionParser expressions;

  private StatementParser(TokenReader in) {
    this.in = in;
    this.expressions = new ExpressionParser(in);
  }

  /**
   * A whole template.
   *
   * @throws TemplateException naming the line
   */
  static Statement parse(String template) {
    StatementParser parser = new StatementParser(new TokenReader(Lexer.tokens(template)));
    return parser.block(ImmutableSet.of());
  }

  /** Statements up to a tag of one of these names, whose opening and name are taken. */
  private Statement block(Set<String> ends) {
    in.enter();
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Token token = in.peek();
      switch (token.kind()) {
        case TEXT -> statements.add(new Statement.Text(FramedText.framing(in.next().text())));
        case PRINT -> {
          in.next();
          Expression expression = expressions.list();
          in.close();
          statements.add(new Statement.Print(token.line(), expression));
        }
        case STATEMENT -> {
          if (ends.contains(in.peekSecond().text())) {
            in.next();
            in.leave();
            return new Statement.Block(statements);
          }
          in.next();
          statements.add(statement(token.line()));
        }
        default -> {
          if (token.kind() != Kind.END || !ends.isEmpty()) {
            throw in.failure("expected one of " + ends);
          }
          in.leave();
          return new Statement.Block(statements);
        }
      }
    }
  }

  private Statement statement(int line) {
    TemplateException unknown = in.failure("expected a statement known here");
    return switch (in.name()) {
      case "if" -> condition(line);
      case "for" -> loop(line);
      case "set" -> set(line);
      case "macro" -> macro();
      case "generation" -> {
        in.close();
        yield body("endgeneration");
      }
      case "break" -> jump(Statement.Flow.BREAK);
      case "continue" -> jump(Statement.Flow.CONTINUE);
      default -> throw unknown;
    };
  }

  private Statement jump(Statement.Flow flow) {
    in.close();
    return new Statement.Jump(flow);
  }

  private Statement body(String end) {
    Statement body = block(ImmutableSet.of(end));
    in.expectName(end);
    in.close();
    return body;
  }

  private Statement condition(int line) {
    Expression condition = expressions.conditional();
    in.close();
    Statement yes = block(ImmutableSet.of("elif", "else", "endif"));
    if (in.takeName("elif")) {
      in.enter();
      Statement no = condition(line);
      in.leave();
      return new Statement.If(line, condition, yes, no);
    }
    Statement no = otherwise("endif");
    return new Statement.If(line, condition, yes, no);
  }

  /** What follows {@code else}, or nothing; the closing tag is taken. */
  private Statement otherwise(String end) {
    if (in.takeName("else")) {
      in.close();
      return body(end);
    }
    in.expectName(end);
    in.close();
    return NOTHING;
  }

  private Statement loop(int line) {
    Statement.Targets targets = targets();
    in.expectName("in");
    Expression list = expressions.or();
    Optional<Expression> condition =
        in.takeName("if") ? Optional.of(expressions.or()) : Optional.empty();
    in.close();
    Statement body = block(ImmutableSet.of("else", "endfor"));
    return new Statement.For(line, targets, list, condition, body, otherwise("endfor"));
  }

  private Statement.Targets targets() {
    boolean bracket = in.takeOperator("(");
    List<String> names = new ArrayList<>(List.of(in.name()));
    while (in.takeOperator(",")) {
      names.add(in.name());
    }
    if (bracket) {
      in.expectOperator(")");
    }
    return new Statement.Targets(names);
  }

  private Statement set(int line) {
    if (in.peekSecond().is(Kind.OPERATOR, ".")) {
      String name = in.name();
      in.next();
      String field = in.name();
      in.expectOperator("=");
      Expression value = expressions.list();
      in.close();
      return new Statement.SetField(line, name, field, value);
    }
    Statement.Targets targets = targets();
    if (in.takeOperator("=")) {
      Expression value = expressions.list();
      in.close();
      return new Statement.SetName(line, targets, value);
    }
    in.close();
    return new Statement.SetBlock(line, targets.names().get(0), body("endset"));
  }

  private Statement macro() {
    String name = in.name();
    in.expectOperator("(");
    List<Statement.Parameter> parameters = new ArrayList<>();
    while (!in.takeOperator(")")) {
      String parameter = in.name();
      parameters.add(
          new Statement.Parameter(
              parameter,
              in.takeOperator("=") ? Optional.of(expressions.conditional()) : Optional.empty()));
      if (!in.takeOperator(",")) {
        in.expectOperator(")");
        break;
      }
    }
    in.close();
    return new Statement.Macro(name, parameters, body("endmacro"));
  }
}
