package org.etalon.data.builtin;

import java.util.Arrays;
import java.util.List;

/** Statistics: means and variance. */
final class StatisticsMeans {
  private StatisticsMeans() {}

  /** Parameters: four numbers whose mean is whole; so are those of the first and last two. */
  record Mean() implements Family {
    @Override
    public String subdomain() {
      return "statistics";
    }

    @Override
    public String name() {
      return "mean";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int low = level == 3 ? -30 : level == 2 ? 10 : 1;
      int high = level == 3 ? 60 : level == 2 ? 45 : 15;
      int mean = draw.in(low + 2, high - 2);
      while (true) {
        int[] x = {draw.in(low, high), draw.in(low, high), draw.in(low, high), 0};
        x[3] = 4 * mean - x[0] - x[1] - x[2];
        boolean pairs = (x[0] + x[1]) % 2 == 0 && x[3] >= low && x[3] <= high;
        if (pairs && Arrays.stream(x).distinct().count() > 2) {
          return x;
        }
      }
    }

    @Override
    public Question pose(int... p) {
      return Question.of(
          Arrays.stream(p).sum() / 4,
          List.of(
              "Find the mean of " + Terms.list(p) + ".",
              "Scores " + Terms.list(p) + ": what is the average?"),
          total(p),
          base(p),
          pairs(p));
    }

    private static String total(int... p) {
      Work w = new Work("Total");
      return w.answer(w.div(w.add(w.add(w.add(p[0], p[1]), p[2]), p[3]), 4));
    }

    /** The first number plus the mean of what the others have beyond it. */
    private static String base(int... p) {
      Work w = new Work("Base");
      int extra = w.add(w.sub(p[1], p[0]), w.sub(p[2], p[0]));
      int all = w.add(extra, w.sub(p[3], p[0]));
      return w.answer(w.add(w.div(all, 4), p[0]));
    }

    private static String pairs(int... p) {
      Work w = new Work("Pairs");
      int first = w.div(w.add(p[0], p[1]), 2);
      int second = w.div(w.add(p[2], p[3]), 2);
      return w.answer(w.div(w.add(first, second), 2));
    }
  }

  /** Parameters: the mean, then all numbers but one; the mean of the known ones is whole. */
  record MissingValue() implements Family {
    @Override
    public String subdomain() {
      return "statistics";
    }

    @Override
    public String name() {
      return "missing-value";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int most = level == 1 ? 12 : level == 2 ? 40 : 30;
      while (true) {
        int[] p = new int[level == 3 ? 4 : 3];
        for (int i = 0; i < p.length; i++) {
          p[i] = draw.in(1, most);
        }
        int missing = missing(p);
        boolean whole = (Arrays.stream(p).sum() - p[0]) % (p.length - 1) == 0;
        if (whole && missing > 0 && missing <= 2 * most) {
          return p;
        }
      }
    }

    private static int missing(int... p) {
      return p[0] * p.length - (Arrays.stream(p).sum() - p[0]);
    }

    @Override
    public Question pose(int... p) {
      int[] known = Arrays.copyOfRange(p, 1, p.length);
      String sum = Terms.list(known).replace(", ", "+");
      return Question.of(
          missing(p),
          List.of(
              "Numbers %s and x have mean %d. Find x.".formatted(Terms.list(known), p[0]),
              "(%s+x)/%d=%d. Find x.".formatted(sum, p.length, p[0])),
          total(p),
          balance(p),
          rest(p));
    }

    private static int sumKnown(Work w, int... p) {
      int sum = p[1];
      for (int i = 2; i < p.length; i++) {
        sum = w.add(sum, p[i]);
      }
      return sum;
    }

    private static String total(int... p) {
      Work w = new Work("Total");
      int all = w.mul(p[0], p.length);
      return w.answer(w.sub(all, sumKnown(w, p)));
    }

    /** What the known numbers lack of the mean, the missing one has beyond it. */
    private static String balance(int... p) {
      Work w = new Work("Balance");
      int lack = w.sub(p[0], p[1]);
      for (int i = 2; i < p.length; i++) {
        lack = w.add(lack, w.sub(p[0], p[i]));
      }
      return w.answer(w.add(lack, p[0]));
    }

    /** The missing number lifts the mean of the others to the given one. */
    private static String rest(int... p) {
      Work w = new Work("Lift");
      int known = w.div(sumKnown(w, p), p.length - 1);
      int lift = w.mul(w.sub(p[0], known), p.length);
      return w.answer(w.add(lift, known));
    }
  }

  /** Parameters m, u, n, v: m numbers are u and n are v. */
  record WeightedMean() implements Family {
    @Override
    public String subdomain() {
      return "statistics";
    }

    @Override
    public String name() {
      return "weighted-mean";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      while (true) {
        int m = draw.in(1, level == 1 ? 4 : 6);
        int n = draw.in(1, level == 1 ? 4 : 6);
        int u = draw.in(1, level == 1 ? 20 : 30);
        int v = draw.in(1, level == 1 ? 20 : 30);
        boolean whole = (m * u + n * v) % (m + n) == 0;
        if (m + n > 2 && u != v && m + n <= 8 && (level == 3 || whole)) {
          return new int[] {m, u, n, v};
        }
      }
    }

    @Override
    public Question pose(int... p) {
      return Question.of(
          Ratio.of(p[0] * p[1] + p[2] * p[3], p[0] + p[2]),
          List.of(
              "%d cost %d each, %d cost %d each. Mean cost?".formatted(p[0], p[1], p[2], p[3]),
              "Weight %d on %d, weight %d on %d. Find the mean.".formatted(p[0], p[1], p[2], p[3])),
          total(p),
          base(p),
          oneByOne(p));
    }

    private static String total(int... p) {
      Work w = new Work("Total");
      int sum = w.add(w.mul(p[0], p[1]), w.mul(p[2], p[3]));
      return w.answer(w.ratio(sum, w.add(p[0], p[2])));
    }

    /** From the first value, the share of the second pulls towards it. */
    private static String base(int... p) {
      Work w = new Work("Base");
      int pull = w.mul(w.sub(p[3], p[1]), p[2]);
      int count = w.add(p[0], p[2]);
      if (pull % count == 0) {
        return w.answer(w.add(w.div(pull, count), p[1]));
      }
      return w.answer(w.ratio(w.add(w.mul(p[1], count), pull), count));
    }

    private static String oneByOne(int... p) {
      Work w = new Work("Add");
      int sum = p[1];
      for (int i = 1; i < p[0] + p[2]; i++) {
        sum = w.add(sum, i < p[0] ? p[1] : p[3]);
      }
      return w.answer(w.ratio(sum, w.add(p[0], p[2])));
    }
  }

  /** Parameters: three numbers with a whole mean; asked is their population variance. */
  record Variance() implements Family {
    @Override
    public String subdomain() {
      return "statistics";
    }

    @Override
    public String name() {
      return "variance";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      while (true) {
        int low = level == 3 ? 10 : 1;
        int high = level == 1 ? 12 : level == 2 ? 20 : 40;
        int[] x = {draw.in(low, high), draw.in(low, high), draw.in(low, high)};
        int spread = Arrays.stream(x).max().orElseThrow() - Arrays.stream(x).min().orElseThrow();
        if (Arrays.stream(x).sum() % 3 == 0 && spread > 1 && spread <= 6 + 4 * level) {
          return x;
        }
      }
    }

    @Override
    public Question pose(int... p) {
      int sum = Arrays.stream(p).sum();
      int squares = Arrays.stream(p).map(x -> x * x).sum();
      return Question.of(
          Ratio.of(3 * squares - sum * sum, 9),
          List.of(
              "Population variance of " + Terms.list(p) + "?",
              "Data " + Terms.list(p) + ": find the variance."),
          deviations(p),
          squares(p),
          differences(p));
    }

    private static int mean(Work w, int... p) {
      return w.div(w.add(w.add(p[0], p[1]), p[2]), 3);
    }

    private static int square(Work w, int x) {
      return w.mul(x, x);
    }

    private static String deviations(int... p) {
      Work w = new Work("Deviations");
      int mean = mean(w, p);
      int one = square(w, w.sub(p[0], mean));
      int two = w.add(one, square(w, w.sub(p[1], mean)));
      int three = w.add(two, square(w, w.sub(p[2], mean)));
      return w.answer(w.ratio(three, 3));
    }

    /** The mean of the squares minus the square of the mean, both times three. */
    private static String squares(int... p) {
      Work w = new Work("Squares");
      int mean = mean(w, p);
      int one = square(w, p[0]);
      int two = w.add(one, square(w, p[1]));
      int three = w.add(two, square(w, p[2]));
      return w.answer(w.ratio(w.sub(three, w.mul(3, square(w, mean))), 3));
    }

    /** No mean at all: the squared differences of all pairs, over nine. */
    private static String differences(int... p) {
      Work w = new Work("Differences");
      int one = square(w, w.sub(p[1], p[0]));
      int two = w.add(one, square(w, w.sub(p[2], p[1])));
      int three = w.add(two, square(w, w.sub(p[2], p[0])));
      return w.answer(w.ratio(three, 9));
    }
  }
}
