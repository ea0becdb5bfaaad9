package org.etalon.data.builtin;

import java.util.List;

/** Calculus: integrals, limits and rates over an interval. */
final class CalculusLimits {
  private CalculusLimits() {}

  /** Parameters a (even), b, p, q: the integral of {@code ax+b} from p to q. */
  record DefiniteIntegral() implements Family {
    @Override
    public String subdomain() {
      return "calculus";
    }

    @Override
    public String name() {
      return "definite-integral";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int a = 2 * draw.in(1, level == 1 ? 2 : 4);
      int b = level == 1 ? draw.in(1, 12) : draw.signed(1, 20);
      int from = level == 1 ? draw.in(0, 3) : draw.in(level == 2 ? 0 : -6, 5);
      return new int[] {a, b, from, from + draw.in(level, 2 * level + 1)};
    }

    @Override
    public Question pose(int... p) {
      String f = Terms.polynomial(p[0], p[1]);
      return Question.of(
          (p[0] / 2 * (p[2] + p[3]) + p[1]) * (p[3] - p[2]),
          List.of(
              "Integrate %s from %d to %d.".formatted(f, p[2], p[3]),
              "Speed is %s. Distance from x=%d to x=%d?".formatted(f, p[2], p[3])),
          antiderivative(p[0], p[1], p[2], p[3]),
          ends(p[0], p[1], p[2], p[3]),
          middle(p[0], p[1], p[2], p[3]));
    }

    private static String antiderivative(int a, int b, int from, int to) {
      Work w = new Work("Antiderivative");
      int half = w.div(a, 2);
      int upper = w.mul(w.add(w.mul(half, to), b), to);
      int lower = from == 0 ? 0 : w.mul(w.add(w.mul(half, from), b), from);
      return w.answer(from == 0 ? upper : w.sub(upper, lower));
    }

    /** A trapezoid between the values at both ends. */
    private static String ends(int a, int b, int from, int to) {
      Work w = new Work("Ends");
      int left = w.add(w.mul(a, from), b);
      int right = w.add(w.mul(a, to), b);
      int sum = w.add(left, right);
      return w.answer(w.div(w.mul(sum, w.sub(to, from)), 2));
    }

    /** Width times the value in the middle. */
    private static String middle(int a, int b, int from, int to) {
      Work w = new Work("Middle");
      int slope = w.div(w.mul(a, w.add(from, to)), 2);
      int value = w.add(slope, b);
      return w.answer(w.mul(value, w.sub(to, from)));
    }
  }

  /** Parameters a, b, c, k: the limit at k of {@code (ax^2+bx+c)/(x-k)}, which divides. */
  record LimitQuotient() implements Family {
    @Override
    public String subdomain() {
      return "calculus";
    }

    @Override
    public String name() {
      return "limit-quotient";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      while (true) {
        int a = draw.in(1, level == 3 ? 5 : 3);
        int k = level == 1 ? draw.in(1, 8) : draw.signed(1, 9);
        int r = draw.signed(1, level == 1 ? 8 : 9);
        if (k + r != 0) {
          return new int[] {a, -a * (k + r), a * k * r, k};
        }
      }
    }

    @Override
    public Question pose(int... p) {
      int a = p[0];
      int b = p[1];
      int c = p[2];
      int k = p[3];
      String top = "(" + Terms.polynomial(a, b, c) + ")";
      String bottom = "(" + Terms.polynomial(1, -k) + ")";
      return Question.of(
          2 * a * k + b,
          List.of(
              "Limit of " + top + "/" + bottom + " as x goes to " + k + "?",
              "lim x->" + k + ": find " + top + "/" + bottom + "."),
          factor(a, c, k),
          slope(a, b, k),
          near(a, b, c, k));
    }

    /** The constant term gives the other root. */
    private static String factor(int a, int c, int k) {
      Work w = new Work("Factor");
      int other = w.div(a == 1 ? c : w.div(c, a), k);
      int difference = w.sub(k, other);
      return w.answer(a == 1 ? difference : w.mul(a, difference));
    }

    /** The derivative of the numerator over that of the denominator, which is 1. */
    private static String slope(int a, int b, int k) {
      Work w = new Work("Slope");
      return w.answer(w.add(w.mul(a == 1 ? 2 : w.mul(2, a), k), b));
    }

    /** The quotient one step away, where it differs from the limit by a. */
    private static String near(int a, int b, int c, int k) {
      Work w = new Work("Near");
      int x = w.add(k, 1);
      int value = w.add(w.mul(w.add(a == 1 ? x : w.mul(a, x), b), x), c);
      return w.answer(w.sub(value, a));
    }
  }

  /** Parameters a, b, p, q: the average rate of {@code ax^2+bx} from p to q. */
  record AverageRate() implements Family {
    @Override
    public String subdomain() {
      return "calculus";
    }

    @Override
    public String name() {
      return "average-rate";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int a = draw.in(1, level == 1 ? 3 : 6);
      int b = level == 1 ? draw.in(1, 9) : draw.signed(1, 20);
      int from = level == 1 ? draw.in(0, 3) : draw.in(level == 2 ? 0 : -6, 4);
      return new int[] {a, b, from, from + draw.in(2, level == 1 ? 4 : 6)};
    }

    @Override
    public Question pose(int... p) {
      String f = Terms.polynomial(p[0], p[1], 0);
      return Question.of(
          p[0] * (p[2] + p[3]) + p[1],
          List.of(
              "f(x)=%s. Average rate from %d to %d?".formatted(f, p[2], p[3]),
              "Mean slope of y=%s between %d and %d?".formatted(f, p[2], p[3])),
          values(p[0], p[1], p[2], p[3]),
          sum(p[0], p[1], p[2], p[3]),
          slopes(p[0], p[1], p[2], p[3]));
    }

    private static String values(int a, int b, int from, int to) {
      Work w = new Work("Values");
      int right = w.mul(w.add(w.mul(a, to), b), to);
      int left = w.mul(w.add(w.mul(a, from), b), from);
      int rise = w.sub(right, left);
      return w.answer(w.div(rise, w.sub(to, from)));
    }

    /** The factor q-p cancels in the quotient. */
    private static String sum(int a, int b, int from, int to) {
      Work w = new Work("Cancel");
      return w.answer(w.add(w.mul(a, w.add(from, to)), b));
    }

    /** The derivative is linear: its mean is the mean of its values at the ends. */
    private static String slopes(int a, int b, int from, int to) {
      Work w = new Work("Slopes");
      int twice = w.mul(2, a);
      int left = w.add(w.mul(twice, from), b);
      int right = w.add(w.mul(twice, to), b);
      return w.answer(w.div(w.add(left, right), 2));
    }
  }
}
