package org.etalon.data.builtin;

import com.google.common.math.IntMath;
import java.util.Arrays;
import java.util.List;

/** Statistics: probabilities. */
final class StatisticsChances {
  private static final List<String> COLOURS = List.of("red", "blue", "green", "white");

  private StatisticsChances() {}

  /** Parameters: the colour asked for, then how many balls there are of each colour. */
  record BagComplement() implements Family {
    @Override
    public String subdomain() {
      return "statistics";
    }

    @Override
    public String name() {
      return "bag-complement";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int colours = level == 3 ? 4 : 3;
      int most = level == 1 ? 7 : level == 2 ? 15 : 12;
      int[] p = new int[colours + 1];
      p[0] = draw.in(0, colours - 1);
      for (int i = 1; i <= colours; i++) {
        p[i] = draw.in(1, most);
      }
      return p;
    }

    @Override
    public Question pose(int... p) {
      StringBuilder bag = new StringBuilder();
      for (int i = 1; i < p.length; i++) {
        bag.append(i == 1 ? "" : ", ").append(p[i]).append(' ').append(COLOURS.get(i - 1));
      }
      String colour = COLOURS.get(p[0]);
      int total = Arrays.stream(p).sum() - p[0];
      return Question.of(
          Ratio.of(total - p[p[0] + 1], total),
          List.of(
              "Bag: " + bag + ". P(not " + colour + ")?", bag + ". Chance of no " + colour + "?"),
          count(p),
          complement(p),
          odds(p));
    }

    private static int others(Work w, int... p) {
      int sum = 0;
      for (int i = 1; i < p.length; i++) {
        if (i != p[0] + 1) {
          sum = sum == 0 ? p[i] : w.add(sum, p[i]);
        }
      }
      return sum;
    }

    private static String count(int... p) {
      Work w = new Work("Count");
      int others = others(w, p);
      return w.answer(w.ratio(others, w.add(others, p[p[0] + 1])));
    }

    /** One minus the chance of the colour itself. */
    private static String complement(int... p) {
      Work w = new Work("Complement");
      int total = p[1];
      for (int i = 2; i < p.length; i++) {
        total = w.add(total, p[i]);
      }
      Ratio hit = w.ratio(p[p[0] + 1], total);
      int miss = w.sub(hit.denominator(), hit.numerator());
      return w.answer(w.ratio(miss, hit.denominator()));
    }

    /** The odds are reduced first; their sum is the denominator. */
    private static String odds(int... p) {
      Work w = new Work("Odds");
      int others = others(w, p);
      int colour = p[p[0] + 1];
      int gcd = IntMath.gcd(others, colour);
      int against = w.div(others, gcd);
      return w.answer(w.ratio(against, w.add(against, w.div(colour, gcd))));
    }
  }

  /** Parameters: numerator and denominator of the chance of each independent event. */
  record AtLeastOne() implements Family {
    @Override
    public String subdomain() {
      return "statistics";
    }

    @Override
    public String name() {
      return "at-least-one";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int events = level == 3 ? 3 : 2;
      int most = level == 1 ? 7 : level == 2 ? 12 : 5;
      int[] p = new int[2 * events];
      for (int i = 0; i < p.length; i += 2) {
        do {
          p[i + 1] = draw.in(2, most);
          p[i] = draw.in(1, p[i + 1] - 1);
        } while (IntMath.gcd(p[i], p[i + 1]) > 1);
      }
      return p;
    }

    @Override
    public Question pose(int... p) {
      int neither = 1;
      int all = 1;
      StringBuilder chances = new StringBuilder();
      for (int i = 0; i < p.length; i += 2) {
        neither *= p[i + 1] - p[i];
        all *= p[i + 1];
        chances.append(i == 0 ? "" : ", ").append(p[i]).append('/').append(p[i + 1]);
      }
      return Question.of(
          Ratio.of(all - neither, all),
          List.of(
              "Shots hit with " + chances + ". Chance of any hit?",
              "Independent chances " + chances + ". P(at least one)?"),
          neither(p),
          cases(p),
          overlap(p));
    }

    private static String neither(int... p) {
      Work w = new Work("None");
      int miss = w.sub(p[1], p[0]);
      int all = p[1];
      for (int i = 2; i < p.length; i += 2) {
        miss = w.mul(miss, w.sub(p[i + 1], p[i]));
        all = w.mul(all, p[i + 1]);
      }
      return w.answer(w.ratio(w.sub(all, miss), all));
    }

    /** A hit at once, or a miss and then a hit. */
    private static String cases(int... p) {
      Work w = new Work("Cases");
      int hit = p[0];
      int all = p[1];
      for (int i = 2; i < p.length; i += 2) {
        int later = w.mul(w.sub(all, hit), p[i]);
        hit = w.add(w.mul(hit, p[i + 1]), later);
        all = w.mul(all, p[i + 1]);
      }
      return w.answer(w.ratio(hit, all));
    }

    /** Both chances added, minus what was counted twice. */
    private static String overlap(int... p) {
      Work w = new Work("Overlap");
      int hit = p[0];
      int all = p[1];
      for (int i = 2; i < p.length; i += 2) {
        int both = w.add(w.mul(hit, p[i + 1]), w.mul(all, p[i]));
        hit = w.sub(both, w.mul(hit, p[i]));
        all = w.mul(all, p[i + 1]);
      }
      return w.answer(w.ratio(hit, all));
    }
  }
}
