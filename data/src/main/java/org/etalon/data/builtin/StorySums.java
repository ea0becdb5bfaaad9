package org.etalon.data.builtin;

import java.util.List;

/** Stories of gaining and losing, in one or two steps. */
final class StorySums {
  private StorySums() {}

  /** The greatest number of a level. */
  private static int most(int level) {
    return level == 1 ? 12 : 15 * level;
  }

  /** {@code a+b} by way of the next ten of a. */
  private static int overTen(Work w, int a, int b) {
    int ten = (a / 10 + 1) * 10;
    int full = w.add(a, ten - a);
    return w.add(full, w.sub(b, ten - a));
  }

  /** Parameters a, b and the cast: a things and b more. */
  record Buys() implements Family {
    @Override
    public String subdomain() {
      return "sums";
    }

    @Override
    public String name() {
      return "buys";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int a = draw.in(2, most(level));
      int b = draw.in(2, most(level));
      return Cast.drawn(draw, a, b == a ? b + 1 : b);
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] + p[1],
          List.of(
              c.tell("{N} has {a} {T} and buys {b} more. How many {T} does {N} have?", p),
              c.tell(
                  "{N} had {a} {T}. A friend gave {N} {b} more. How many {T} does {N} have now?",
                  p)),
          sum("Add", p[0], p[1]),
          sum("Swap", p[1], p[0]),
          ten(p));
    }

    private static String sum(String method, int a, int b) {
      Work w = new Work(method);
      return w.answer(w.add(a, b));
    }

    private static String ten(int... p) {
      Work w = new Work("Ten");
      return w.answer(overTen(w, p[0], p[1]));
    }
  }

  /** Parameters a, b, c and the cast: a things, b more, then c fewer. */
  record FindsAndLoses() implements Family {
    @Override
    public String subdomain() {
      return "sums";
    }

    @Override
    public String name() {
      return "finds-and-loses";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int a = draw.in(5, most(level));
      return Cast.drawn(draw, a, draw.in(2, most(level)), draw.in(1, a - 1));
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] + p[1] - p[2],
          List.of(
              c.tell(
                  "{N} has {a} {T}. {N} finds {b} more and then loses {c}. How many {T} does {N} have now?",
                  p),
              c.tell(
                  "{N} had {a} {T} and got {b} more. Then {N} gave away {c}. How many {T} are left?",
                  p)),
          inOrder(p),
          lossFirst(p),
          change(p));
    }

    private static String inOrder(int... p) {
      Work w = new Work("Order");
      return w.answer(w.sub(w.add(p[0], p[1]), p[2]));
    }

    private static String lossFirst(int... p) {
      Work w = new Work("Loss");
      return w.answer(w.add(w.sub(p[0], p[2]), p[1]));
    }

    private static String change(int... p) {
      Work w = new Work("Change");
      return w.answer(w.add(p[0], w.sub(p[1], p[2])));
    }
  }

  /** Parameters a, b and the cast: a things less b. */
  record GivesAway() implements Family {
    @Override
    public String subdomain() {
      return "differences";
    }

    @Override
    public String name() {
      return "gives-away";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int a = draw.in(4, most(level) + 4);
      return Cast.drawn(draw, a, draw.in(2, a - 1));
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] - p[1],
          List.of(
              c.tell("{N} has {a} {T} and gives away {b}. How many {T} are left?", p),
              c.tell(
                  "There are {a} {T} on the table. {N} takes {b}. How many {T} are left on the table?",
                  p)),
          subtract(p),
          inParts(p),
          lift(p));
    }

    private static String subtract(int... p) {
      Work w = new Work("Subtract");
      return w.answer(w.sub(p[0], p[1]));
    }

    /** Half of what goes first, the rest after it. */
    private static String inParts(int... p) {
      Work w = new Work("Parts");
      int first = p[1] / 2;
      return w.answer(w.sub(w.sub(p[0], first), w.sub(p[1], first)));
    }

    /** Ten more first, so that the subtraction has room; ten less at the end. */
    private static String lift(int... p) {
      Work w = new Work("Lift");
      return w.answer(w.sub(w.sub(w.add(p[0], 10), p[1]), 10));
    }
  }

  /** Parameters a, b, c and the cast: a things less b less c. */
  record GivesAwayTwice() implements Family {
    @Override
    public String subdomain() {
      return "differences";
    }

    @Override
    public String name() {
      return "gives-away-twice";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int b = draw.in(1, most(level) / 2);
      int c = draw.in(1, most(level) / 2 - 1);
      c += c >= b ? 1 : 0;
      return Cast.drawn(draw, b + c + draw.in(1, most(level) / 2), b, c);
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] - p[1] - p[2],
          List.of(
              c.tell(
                  "{N} has {a} {T}. {N} gives away {b} and then loses {c}. How many {T} are left?",
                  p),
              c.tell(
                  "{N} had {a} {T}. First {N} sold {b} and then {c} more. How many {T} remain?",
                  p)),
          inOrder(p),
          together(p),
          secondFirst(p));
    }

    private static String inOrder(int... p) {
      Work w = new Work("Order");
      return w.answer(w.sub(w.sub(p[0], p[1]), p[2]));
    }

    private static String together(int... p) {
      Work w = new Work("Together");
      return w.answer(w.sub(p[0], w.add(p[1], p[2])));
    }

    private static String secondFirst(int... p) {
      Work w = new Work("Second");
      return w.answer(w.sub(w.sub(p[0], p[2]), p[1]));
    }
  }
}
