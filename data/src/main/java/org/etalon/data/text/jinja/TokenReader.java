package org.etalon.data.text.jinja;

import java.util.List;
import org.etalon.data.text.jinja.Token.Kind;

/** Reads tokens one after the other, and bounds how deep a parser may go. */
final class TokenReader {
  private static final int DEEPEST = 100;

  private final List<Token> tokens;
  private int at;
  private int depth;

  TokenReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peekSecond() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  /** Takes the next token if it is this one. */
  boolean take(Kind kind, String text) {
    boolean here = peek().is(kind, text);
    if (here) {
      at++;
    }
    return here;
  }

  boolean takeOperator(String text) {
    return take(Kind.OPERATOR, text);
  }

  boolean takeName(String text) {
    return take(Kind.NAME, text);
  }

  void expectOperator(String text) {
    if (!takeOperator(text)) {
      throw failure("expected \"" + text + "\"");
    }
  }

  void expectName(String text) {
    if (!takeName(text)) {
      throw failure("expected \"" + text + "\"");
    }
  }

  String name() {
    if (peek().kind() != Kind.NAME) {
      throw failure("expected a name");
    }
    return next().text();
  }

  void close() {
    if (peek().kind() != Kind.CLOSE) {
      throw failure("expected the end of the tag");
    }
    next();
  }

  void enter() {
    if (++depth > DEEPEST) {
      throw failure("nested more than " + DEEPEST + " deep");
    }
  }

  void leave() {
    depth--;
  }

  TemplateException failure(String expected) {
    return new TemplateException(
        "line " + peek().line() + ": " + expected + ", got " + peek().shown());
  }
}
