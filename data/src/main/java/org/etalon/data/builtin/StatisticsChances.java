package org.etalon.data.builtin;

import com.google.common.math.IntMath;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Statistics: probabilities. */
final class StatisticsChances {
  private static final List<String> COLOURS = List.of("red", "blue", "green", "white");

  private StatisticsChances() {}

  /**
   * Parameters: how many balls there are of each colour; the number of the colour asked for is
   * negated.
   */
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
      int[] p = new int[colours];
      for (int i = 0; i < colours; i++) {
        p[i] = draw.in(1, most);
      }
      int asked = draw.in(0, colours - 1);
      p[asked] = -p[asked];
      return p;
    }

    @Override
    public Question pose(int... p) {
      StringBuilder bag = new StringBuilder();
      for (int i = 0; i < p.length; i++) {
        bag.append(i == 0 ? "" : ", ").append(Math.abs(p[i])).append(' ').append(COLOURS.get(i));
      }
      String colour = COLOURS.get(asked(p));
      int others = Arrays.stream(p).filter(n -> n > 0).sum();
      return Question.of(
          Ratio.of(others, others - p[asked(p)]),
          List.of(
              "Bag: " + bag + ". P(not " + colour + ")?", bag + ". Chance of no " + colour + "?"),
          count(p),
          complement(p),
          odds(p));
    }

    private static int asked(int... p) {
      int i = 0;
      while (p[i] > 0) {
        i++;
      }
      return i;
    }

    private static int sum(Work w, IntStream numbers) {
      return numbers.reduce(w::add).orElseThrow();
    }

    private static int others(Work w, int... p) {
      return sum(w, Arrays.stream(p).filter(n -> n > 0));
    }

    private static String count(int... p) {
      Work w = new Work("Count");
      int others = others(w, p);
      return w.answer(w.ratio(others, w.add(others, -p[asked(p)])));
    }

    /** One minus the chance of the colour itself. */
    private static String complement(int... p) {
      Work w = new Work("Complement");
      int total = sum(w, Arrays.stream(p).map(Math::abs));
      Ratio hit = w.ratio(-p[asked(p)], total);
      int miss = w.sub(hit.denominator(), hit.numerator());
      return w.answer(w.ratio(miss, hit.denominator()));
    }

    /** The odds are reduced first; their sum is the denominator. */
    private static String odds(int... p) {
      Work w = new Work("Odds");
      int others = others(w, p);
      int colour = -p[asked(p)];
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
