package org.etalon.data.builtin;

import java.util.List;

/** Calculus: derivatives of given functions. */
final class CalculusSlopes {
  private CalculusSlopes() {}

  /** Parameters e, a, b, k: the slope of {@code ex^3+ax^2+bx} at k; e is 0 below level 3. */
  record DerivativeAtPoint() implements Family {
    @Override
    public String subdomain() {
      return "calculus";
    }

    @Override
    public String name() {
      return "derivative-at-point";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      return switch (level) {
        case 1 -> new int[] {0, draw.in(1, 5), draw.in(1, 12), draw.in(1, 5)};
        case 2 -> new int[] {0, draw.in(2, 9), draw.signed(1, 20), draw.in(1, 9)};
        default -> new int[] {draw.in(1, 3), draw.signed(1, 6), draw.signed(1, 9), draw.in(1, 4)};
      };
    }

    @Override
    public Question pose(int... p) {
      String f = Terms.polynomial(p[0], p[1], p[2], 0);
      int k = p[3];
      return Question.of(
          3 * p[0] * k * k + 2 * p[1] * k + p[2],
          List.of("f(x)=" + f + ". Find f'(" + k + ").", "Slope of y=" + f + " at x=" + k + "?"),
          power(p[0], p[1], p[2], k),
          secant(p[0], p[1], p[2], k),
          product(p[0], p[1], p[2], k));
    }

    private static String power(int e, int a, int b, int k) {
      Work w = new Work("Power");
      int cube = e == 0 ? 0 : w.mul(w.mul(3, e), w.mul(k, k));
      int square = w.mul(w.mul(2, a), k);
      return w.answer(w.add(e == 0 ? square : w.add(cube, square), b));
    }

    /** The symmetric secant: exact for a parabola, and e too steep for a cubic. */
    private static String secant(int e, int a, int b, int k) {
      Work w = new Work("Secant");
      int right = value(w, e, a, b, w.add(k, 1));
      int left = value(w, e, a, b, w.sub(k, 1));
      int slope = w.div(w.sub(right, left), 2);
      return w.answer(e == 0 ? slope : w.sub(slope, e));
    }

    private static int value(Work w, int e, int a, int b, int x) {
      int top = e == 0 ? a : w.add(w.mul(e, x), a);
      return w.mul(w.add(w.mul(top, x), b), x);
    }

    /** The product rule on x times the rest. */
    private static String product(int e, int a, int b, int k) {
      Work w = new Work("Product");
      int top = e == 0 ? a : w.add(w.mul(e, k), a);
      int rest = w.add(w.mul(top, k), b);
      int steep = e == 0 ? a : w.add(w.mul(w.mul(2, e), k), a);
      return w.answer(w.add(w.mul(steep, k), rest));
    }
  }

  /** Parameters a, b, c: the least value of {@code ax^2-bx+c}, which lies at a whole number. */
  record LeastValue() implements Family {
    @Override
    public String subdomain() {
      return "calculus";
    }

    @Override
    public String name() {
      return "least-value";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int a = level == 3 ? draw.in(2, 5) : draw.in(1, level == 1 ? 2 : 3);
      int at = level == 1 ? draw.in(1, a == 1 ? 6 : 4) : draw.signed(1, level == 2 ? 8 : 6);
      int least = level == 1 ? draw.in(-12, 15) : draw.in(-30, 30);
      return new int[] {a, 2 * a * at, a * at * at + least};
    }

    @Override
    public Question pose(int... p) {
      int a = p[0];
      int b = p[1];
      int c = p[2];
      String f = Terms.polynomial(a, -b, c);
      return Question.of(
          c - b * b / (4 * a),
          List.of("Find the least value of " + f + ".", "How low does y=" + f + " go?"),
          derivative(a, b, c),
          square(a, b, c),
          discriminant(a, b, c));
    }

    /** Where 2ax-b vanishes, then the value there. */
    private static String derivative(int a, int b, int c) {
      Work w = new Work("Derivative");
      int at = w.div(b, a == 1 ? 2 : w.mul(2, a));
      int slope = w.sub(a == 1 ? at : w.mul(a, at), b);
      return w.answer(w.add(w.mul(slope, at), c));
    }

    private static String square(int a, int b, int c) {
      Work w = new Work("Square");
      int half = w.div(a == 1 ? b : w.div(b, a), 2);
      int square = w.mul(half, half);
      return w.answer(w.sub(c, a == 1 ? square : w.mul(a, square)));
    }

    private static String discriminant(int a, int b, int c) {
      Work w = new Work("Discriminant");
      int four = a == 1 ? 4 : w.mul(4, a);
      int product = w.mul(four, c);
      return w.answer(w.div(w.sub(product, w.mul(b, b)), four));
    }
  }

  /** Parameters f, f', g, g': the derivative of the product. */
  record ProductRule() implements Family {
    @Override
    public String subdomain() {
      return "calculus";
    }

    @Override
    public String name() {
      return "product-rule";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      return switch (level) {
        case 1 -> new int[] {draw.in(1, 5), draw.in(1, 5), draw.in(1, 5), draw.in(1, 5)};
        case 2 -> new int[] {draw.in(2, 9), draw.signed(1, 9), draw.in(2, 9), draw.in(1, 9)};
        default -> new int[] {draw.in(11, 20), draw.signed(2, 9), draw.in(2, 9), draw.signed(2, 9)};
      };
    }

    @Override
    public Question pose(int... p) {
      return Question.of(
          p[0] * p[3] + p[1] * p[2],
          List.of(
              "f=%d, f'=%d, g=%d, g'=%d. Find (fg)'.".formatted(p[0], p[1], p[2], p[3]),
              "Sides %d and %d grow at %d and %d. Area rate?".formatted(p[0], p[2], p[1], p[3])),
          rule(p[0], p[1], p[2], p[3]),
          step(p[0], p[1], p[2], p[3]),
          both(p[0], p[1], p[2], p[3]));
    }

    private static String rule(int f, int df, int g, int dg) {
      Work w = new Work("Rule");
      int one = w.mul(f, dg);
      return w.answer(w.add(one, w.mul(df, g)));
    }

    /** One whole step forward; its excess is the product of both growths. */
    private static String step(int f, int df, int g, int dg) {
      Work w = new Work("Step");
      int after = w.mul(w.add(f, df), w.add(g, dg));
      int change = w.sub(after, w.mul(f, g));
      return w.answer(w.sub(change, w.mul(df, dg)));
    }

    /** A step forward and a step back; the excess cancels. */
    private static String both(int f, int df, int g, int dg) {
      Work w = new Work("Both ways");
      int after = w.mul(w.add(f, df), w.add(g, dg));
      int before = w.mul(w.sub(f, df), w.sub(g, dg));
      return w.answer(w.div(w.sub(after, before), 2));
    }
  }
}
