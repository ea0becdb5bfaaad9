package org.etalon.data.grade.math;

import java.util.ArrayList;
import java.util.List;
import org.etalon.data.grade.math.FormulaLexer.Kind;
import org.etalon.data.grade.math.FormulaLexer.Token;

/** Hands tokens out one after the other, and bounds how deep a parser may go. */
final class FormulaTokens {
  private static final int DEEPEST = 60;
  private static final int MOST_LINKS = 256;

  private final List<Token> tokens;
  private int at;
  private int depth;
  private int links;

  FormulaTokens(List<Token> tokens) {
    this.tokens = new ArrayList<>(tokens);
  }

  Token peek() {
    return peek(0);
  }

  /** The token {@code ahead} places after the next one; up to two are there at the end. */
  Token peek(int ahead) {
    return tokens.get(at + ahead);
  }

  /** The token that was taken last. */
  Token previous() {
    return tokens.get(at - 1);
  }

  /** Where the next token stands, for {@link #goTo}. */
  int place() {
    return at;
  }

  void goTo(int place) {
    at = place;
  }

  /** Puts another token in the place of the next one. */
  void replace(Token token) {
    tokens.set(at, token);
  }

  Token next() throws FormulaException {
    Token token = peek();
    if (token.kind() == Kind.END) {
      throw new FormulaException("it ends too early");
    }
    at++;
    return token;
  }

  /** Takes the next token if it is this one; the end stays. */
  boolean take(Kind kind, String text) {
    boolean here = peek().is(kind, text);
    if (here && kind != Kind.END) {
      at++;
    }
    return here;
  }

  boolean takeOperator(String text) {
    return take(Kind.OPERATOR, text);
  }

  /** Counts what nests without brackets: {@code a/b/c}, {@code 5!!}, {@code A ∪ B ∪ C}. */
  void link() throws FormulaException {
    if (++links > MOST_LINKS) {
      throw new FormulaException("too long a chain");
    }
  }

  void enter() throws FormulaException {
    if (++depth > DEEPEST) {
      throw new FormulaException("nested too deep");
    }
  }

  void leave() {
    depth--;
  }
}
