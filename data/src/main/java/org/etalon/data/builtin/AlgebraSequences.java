package org.etalon.data.builtin;

import java.util.List;

/** Algebra: progressions and proportions. */
final class AlgebraSequences {
  private AlgebraSequences() {}

  /**
   * Parameters i, u, j, v, n: term i is u, term j is v, asked is term n. Below level 3 the first
   * three terms are shown.
   */
  record ArithmeticTerm() implements Family {
    @Override
    public String subdomain() {
      return "algebra";
    }

    @Override
    public String name() {
      return "arithmetic-term";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int step = level == 1 ? draw.in(1, 6) : draw.signed(2, 9);
      int first = draw.in(1, level == 1 ? 12 : 30);
      int i = level == 3 ? draw.in(2, 4) : 1;
      int j = level == 3 ? i + draw.in(2, 3) : 2;
      int n = level == 3 ? j + draw.in(3, 5) : draw.in(5, level == 1 ? 9 : 10);
      return new int[] {i, first, j, first + (j - i) * step, n};
    }

    @Override
    public Question pose(int... p) {
      int step = (p[3] - p[1]) / (p[2] - p[0]);
      String shown = Terms.list(p[1], p[1] + step, p[1] + 2 * step) + ", ...";
      List<String> prompts =
          p[2] == 2
              ? List.of(
                  "Find term " + p[4] + " of " + shown,
                  "Rows have " + shown + " seats. Seats in row " + p[4] + "?")
              : List.of(
                  "Arithmetic sequence: term %d is %d, term %d is %d. Term %d?"
                      .formatted(p[0], p[1], p[2], p[3], p[4]),
                  "f is linear, f(%d)=%d, f(%d)=%d. Find f(%d)."
                      .formatted(p[0], p[1], p[2], p[3], p[4]));
      return Question.of(p[1] + (p[4] - p[0]) * step, prompts, formula(p), count(p), fromZero(p));
    }

    private static int step(Work w, int... p) {
      if (p[2] == 2) {
        return w.sub(p[3], p[1]);
      }
      return w.div(w.sub(p[3], p[1]), w.sub(p[2], p[0]));
    }

    private static String formula(int... p) {
      Work w = new Work("Formula");
      int step = step(w, p);
      return w.answer(w.add(p[1], w.mul(w.sub(p[4], p[0]), step)));
    }

    private static String count(int... p) {
      Work w = new Work("Count");
      int step = step(w, p);
      int term = p[3];
      for (int i = p[2]; i < p[4]; i++) {
        term = w.add(term, step);
      }
      return w.answer(term);
    }

    /** Goes back to term 0, from where term n is n steps away. */
    private static String fromZero(int... p) {
      Work w = new Work("Zero");
      int step = step(w, p);
      int zero = w.sub(p[1], p[0] == 1 ? step : w.mul(p[0], step));
      return w.answer(w.add(w.mul(p[4], step), zero));
    }
  }

  /** Parameters a, d, n: the sum of n terms that start at a and grow by d. */
  record ArithmeticSum() implements Family {
    @Override
    public String subdomain() {
      return "algebra";
    }

    @Override
    public String name() {
      return "arithmetic-sum";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      return switch (level) {
        case 1 -> new int[] {draw.in(1, 15), draw.in(1, 6), draw.in(3, 5)};
        case 2 -> new int[] {draw.in(5, 25), draw.signed(2, 9), draw.in(4, 6)};
        default -> new int[] {draw.in(10, 50), draw.in(3, 12), draw.in(5, 8)};
      };
    }

    @Override
    public Question pose(int... p) {
      int a = p[0];
      int d = p[1];
      int n = p[2];
      String shown = Terms.list(a, a + d, a + 2 * d) + ", ...";
      return Question.of(
          n * a + n * (n - 1) / 2 * d,
          List.of(
              "Add the first " + n + " terms of " + shown,
              "In " + n + " days I save " + shown + " coins. Total?"),
          ends(a, d, n),
          oneByOne(a, d, n),
          base(a, d, n));
    }

    private static String ends(int a, int d, int n) {
      Work w = new Work("Ends");
      int step = w.sub(a + d, a);
      int last = w.add(a, w.mul(w.sub(n, 1), step));
      return w.answer(w.div(w.mul(w.add(a, last), n), 2));
    }

    private static String oneByOne(int a, int d, int n) {
      Work w = new Work("Add");
      int step = w.sub(a + d, a);
      int term = a + 2 * d;
      int sum = w.add(w.add(a, a + d), term);
      for (int i = 3; i < n; i++) {
        term = w.add(term, step);
        sum = w.add(sum, term);
      }
      return w.answer(sum);
    }

    /** Counts the first term n times and the step once for every pair of terms. */
    private static String base(int a, int d, int n) {
      Work w = new Work("Base");
      int step = w.sub(a + d, a);
      int pairs = w.div(w.mul(n, w.sub(n, 1)), 2);
      int steps = w.mul(pairs, step);
      return w.answer(w.add(w.mul(n, a), steps));
    }
  }

  /** Parameters n, c, m: n things cost c, asked is the cost of m. */
  record Proportion() implements Family {
    @Override
    public String subdomain() {
      return "algebra";
    }

    @Override
    public String name() {
      return "proportion";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      while (true) {
        int part = level == 3 ? draw.in(2, 4) : 1;
        int n = part * draw.in(level == 3 ? 1 : 2, level == 3 ? 4 : 9);
        int m = part * draw.in(level == 3 ? 1 : 2, level == 3 ? 4 : 9);
        int unit = level == 1 ? draw.in(2, 9) : draw.in(3, 15);
        int cost = n * unit / part;
        boolean small = cost * m <= 150;
        if (n != m && (level > 1 || small) && (level < 3 || cost % n != 0)) {
          return new int[] {n, cost, m};
        }
      }
    }

    @Override
    public Question pose(int... p) {
      return Question.of(
          p[1] * p[2] / p[0],
          List.of(
              "%d pens cost %d. What do %d pens cost?".formatted(p[0], p[1], p[2]),
              "x/%d=%d/%d. Find x.".formatted(p[2], p[1], p[0])),
          unit(p[0], p[1], p[2]),
          cross(p[0], p[1], p[2]),
          extra(p[0], p[1], p[2]));
    }

    private static String unit(int n, int cost, int m) {
      Work w = new Work("Unit");
      if (cost % n == 0) {
        return w.answer(w.mul(w.div(cost, n), m));
      }
      Ratio unit = w.ratio(cost, n);
      return w.answer(w.div(w.mul(unit.numerator(), m), unit.denominator()));
    }

    private static String cross(int n, int cost, int m) {
      Work w = new Work("Cross");
      return w.answer(w.div(w.mul(cost, m), n));
    }

    /** Prices only the difference in number and adds it to the known cost. */
    private static String extra(int n, int cost, int m) {
      Work w = new Work("Extra");
      int more = w.div(w.mul(cost, w.sub(m, n)), n);
      return w.answer(w.add(cost, more));
    }
  }
}
