package org.etalon.data.builtin;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** Algebra: families whose unknown is found from equations. */
final class AlgebraEquations {
  private AlgebraEquations() {}

  /** Parameters a, b, d, c of {@code ax+b=dx+c}; d is 0 below level 3. */
  record LinearEquation() implements Family {
    @Override
    public String subdomain() {
      return "algebra";
    }

    @Override
    public String name() {
      return "linear-equation";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      while (true) {
        int a = level == 1 ? draw.in(2, 6) : draw.in(level + 1, 9);
        int d = level == 3 ? draw.in(1, a - 2) : 0;
        int x = level == 1 ? draw.in(1, 9) : draw.in(-9, level == 2 ? 12 : 9);
        int b = draw.signed(1, level == 1 ? 9 : 20);
        int c = (a - d) * x + b;
        if (x != 0 && c != 0 && (level > 1 || (a * x <= 40 && c > 0))) {
          return new int[] {a, b, d, c};
        }
      }
    }

    @Override
    public Question pose(int... p) {
      int a = p[0];
      int b = p[1];
      int d = p[2];
      int c = p[3];
      String right = d == 0 ? "" + c : d + " times it " + Terms.plus(c);
      return Question.of(
          (c - b) / (a - d),
          List.of(
              "Solve " + Terms.polynomial(a, b) + "=" + Terms.polynomial(d, c) + " for x.",
              a + " times a number " + Terms.plus(b) + " is " + right + ". Find it."),
          undo(a, b, d, c),
          guess(a, b, d, c),
          walk(a, b, d, c));
    }

    private static String undo(int a, int b, int d, int c) {
      Work w = new Work("Undo");
      int slope = d == 0 ? a : w.sub(a, d);
      return w.answer(w.div(w.sub(c, b), slope));
    }

    /** False position: the error of the guess 10 tells how far off it is. */
    private static String guess(int a, int b, int d, int c) {
      Work w = new Work("Guess 10");
      int left = w.add(w.mul(a, 10), b);
      int right = d == 0 ? c : w.add(w.mul(d, 10), c);
      int error = w.sub(left, right);
      int slope = d == 0 ? a : w.sub(a, d);
      return w.answer(w.sub(10, w.div(error, slope)));
    }

    /** Walks from a round number, one unit at a time, until both sides agree. */
    private static String walk(int a, int b, int d, int c) {
      Work w = new Work("Walk");
      int x = (c - b) / (a - d);
      int at = x < 0 ? -5 : x > 9 ? 10 : 5;
      w.say("at " + at);
      int left = w.add(w.mul(a, at), b);
      int gap = d == 0 ? left : w.sub(left, w.add(w.mul(d, at), c));
      int slope = d == 0 ? a : w.sub(a, d);
      while (at != x) {
        int step = at < x ? 1 : -1;
        at += step;
        w.say("at " + at);
        gap = w.add(gap, step * slope);
      }
      return w.say("x=" + x).answer(x);
    }
  }

  /**
   * Parameters a, b, s, t, worth: s coins of a and b are worth t in all; asked is how many are b
   * or, if worth is 1, what those are worth.
   */
  record CoinMix() implements Family {
    @Override
    public String subdomain() {
      return "algebra";
    }

    @Override
    public String name() {
      return "coin-mix";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      while (true) {
        int most = level == 2 ? 12 : 9;
        int first = draw.in(1, most);
        int second = draw.in(1, most);
        int a = draw.in(1, level == 1 ? 4 : 8);
        int b = a + draw.in(1, level == 1 ? 4 : 5);
        int total = a * first + b * second;
        if (level > 1 || total <= 60) {
          return new int[] {a, b, first + second, total, level == 3 ? 1 : 0};
        }
      }
    }

    @Override
    public Question pose(int... p) {
      int a = p[0];
      int b = p[1];
      int s = p[2];
      int t = p[3];
      boolean worth = p[4] == 1;
      int count = (t - a * s) / (b - a);
      String coins = a + "s and " + b + "s: " + s + " coins make " + t + ". ";
      String system = "x+y=" + s + ", " + Terms.polynomial(a, 0) + "+" + b + "y=" + t + ". ";
      return Question.of(
          worth ? count * b : count,
          List.of(
              coins + (worth ? "Worth of " + b + "s?" : "How many " + b + "s?"),
              system + "Find " + (worth ? b + "y." : "y.")),
          allSmall(p),
          allLarge(p),
          half(p));
    }

    private static String allSmall(int... p) {
      Work w = new Work("All " + p[0]);
      int missing = w.sub(p[3], w.mul(p[0], p[2]));
      return finish(w, w.div(missing, w.sub(p[1], p[0])), p);
    }

    private static String allLarge(int... p) {
      Work w = new Work("All " + p[1]);
      int over = w.sub(w.mul(p[1], p[2]), p[3]);
      return finish(w, w.sub(p[2], w.div(over, w.sub(p[1], p[0]))), p);
    }

    private static String half(int... p) {
      Work w = new Work("Half");
      int h = p[2] / 2;
      int large = w.mul(p[1], h);
      int small = w.mul(p[0], w.sub(p[2], h));
      int missing = w.sub(p[3], w.add(large, small));
      return finish(w, w.add(h, w.div(missing, w.sub(p[1], p[0]))), p);
    }

    private static String finish(Work w, int count, int... p) {
      return w.answer(p[4] == 1 ? w.mul(p[1], count) : count);
    }
  }

  /**
   * Parameters a, b, c, d, larger: {@code ax^2+bx+c=d} with whole roots; asked is the larger one if
   * larger is 1, else the smaller one.
   */
  record QuadraticRoot() implements Family {
    @Override
    public String subdomain() {
      return "algebra";
    }

    @Override
    public String name() {
      return "quadratic-root";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      while (true) {
        int low = draw.in(-9, 9);
        int high = low + draw.in(1, level == 1 ? 6 : 9);
        int product = low * high;
        int limit = level == 1 ? 24 : 81;
        if (product != 0 && low + high != 0 && high <= 9 && Math.abs(product) <= limit) {
          int a = level == 3 ? draw.in(2, 4) : 1;
          int d = level == 3 ? 0 : draw.in(level == 1 ? 0 : -9, 9);
          return new int[] {a, -a * (low + high), a * product + d, d, draw.in(0, 1)};
        }
      }
    }

    @Override
    public Question pose(int... p) {
      String which = p[4] == 1 ? "larger" : "smaller";
      String equation = Terms.polynomial(p[0], p[1], p[2]) + "=" + p[3];
      return Question.of(
          root(p),
          ImmutableList.of(
              equation + ". Find the " + which + " root.",
              "What is the " + which + " x with " + equation + "?"),
          factor(p),
          formula(p),
          sumFirst(p));
    }

    private static int root(int... p) {
      int sum = sum(p);
      return (p[4] == 1 ? sum + distance(p) : sum - distance(p)) / 2;
    }

    private static int sum(int... p) {
      return -p[1] / p[0];
    }

    private static int product(int... p) {
      return (p[2] - p[3]) / p[0];
    }

    private static int distance(int... p) {
      return (int) Math.round(Math.sqrt(sum(p) * sum(p) - 4 * product(p)));
    }

    /** Brings the equation to {@code x^2-sum*x+product=0}. */
    private static void normalise(Work w, int... p) {
      int constant = p[3] == 0 ? p[2] : w.sub(p[2], p[3]);
      if (p[0] != 1) {
        w.div(p[1], p[0]);
        w.div(constant, p[0]);
      }
    }

    /** Goes through the factor pairs of the product until one has the sum. */
    private static String factor(int... p) {
      Work w = new Work("Factor");
      normalise(w, p);
      int size = Math.abs(product(p));
      for (int u = 1; ; u++) {
        if (size % u != 0) {
          continue;
        }
        int v = w.mul(u, size / u) / u;
        int sum = product(p) > 0 ? w.add(u, v) : w.sub(v, u);
        if (sum == Math.abs(sum(p))) {
          return w.say("x=" + root(p)).answer(root(p));
        }
      }
    }

    private static String formula(int... p) {
      Work w = new Work("Formula");
      normalise(w, p);
      int sum = sum(p);
      w.sub(w.mul(sum, sum), w.mul(4, product(p)));
      int distance = distance(p);
      w.mul(distance, distance);
      int twice = p[4] == 1 ? w.add(sum, distance) : w.sub(sum, distance);
      return w.answer(w.div(twice, 2));
    }

    /** Splits the sum in the middle and moves outwards until the product fits. */
    private static String sumFirst(int... p) {
      Work w = new Work("Sum");
      normalise(w, p);
      int x = Math.floorDiv(sum(p), 2);
      while (w.mul(x, w.sub(sum(p), x)) != product(p)) {
        x--;
      }
      return w.say("x=" + root(p)).answer(root(p));
    }
  }
}
