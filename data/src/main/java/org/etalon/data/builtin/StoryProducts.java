package org.etalon.data.builtin;

import java.util.List;

/** Stories of equal parts, alone or with something added or taken. */
final class StoryProducts {
  private StoryProducts() {}

  /** Two different numbers, so that swapping them is another computation. */
  private static int[] factors(Draw draw, int level) {
    int a = draw.in(2, 5 + 3 * level);
    int b = draw.in(2, 6 + 3 * level);
    return new int[] {a, b == a ? b + 1 : b};
  }

  /** One part less than there are, and then that part. */
  private static int lastApart(Work w, int a, int b) {
    return w.add(w.mul(a - 1, b), b);
  }

  private static String[] ways(int... p) {
    Work multiply = new Work("Multiply");
    Work swap = new Work("Swap");
    Work last = new Work("Last");
    return new String[] {
      multiply.answer(multiply.mul(p[0], p[1])),
      swap.answer(swap.mul(p[1], p[0])),
      last.answer(lastApart(last, p[0], p[1]))
    };
  }

  /** Parameters a, b and the cast: a boxes of b. */
  record Boxes() implements Family {
    @Override
    public String subdomain() {
      return "products";
    }

    @Override
    public String name() {
      return "boxes";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      return Cast.drawn(draw, factors(draw, level));
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] * p[1],
          List.of(
              c.tell("{N} has {a} boxes with {b} {T} in each box. How many {T} does {N} have?", p),
              c.tell(
                  "{N} sees {a} bags with {b} {T} in each bag. How many {T} are there in total?",
                  p)),
          ways(p));
    }
  }

  /** Parameters a, b and the cast: a things at a price of b. */
  record Price() implements Family {
    @Override
    public String subdomain() {
      return "products";
    }

    @Override
    public String name() {
      return "price";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      return Cast.drawn(draw, factors(draw, level));
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] * p[1],
          List.of(
              c.tell("{N} buys {a} {T} for {b} dollars each. How many dollars does {N} pay?", p),
              c.tell(
                  "{N} sells {a} {T}. Each one costs {b} dollars. How many dollars does {N} get?",
                  p)),
          ways(p));
    }
  }

  /** Parameters a, b, c and the cast: a boxes of b, and c more. */
  record BoxesAndMore() implements Family {
    @Override
    public String subdomain() {
      return "two-operations";
    }

    @Override
    public String name() {
      return "boxes-and-more";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int[] factors = factors(draw, level);
      return Cast.drawn(draw, factors[0], factors[1], draw.in(1, 10 * level));
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] * p[1] + p[2],
          List.of(
              c.tell(
                  "{N} has {a} boxes with {b} {T} in each box and {c} more {T}. How many {T} does {N} have in total?",
                  p),
              c.tell(
                  "{N} fills {a} bags with {b} {T} each. There are {c} {T} left over. How many {T} are there in total?",
                  p)),
          inOrder(p),
          swap(p),
          last(p));
    }

    private static String inOrder(int... p) {
      Work w = new Work("Order");
      return w.answer(w.add(w.mul(p[0], p[1]), p[2]));
    }

    private static String swap(int... p) {
      Work w = new Work("Swap");
      return w.answer(w.add(p[2], w.mul(p[1], p[0])));
    }

    private static String last(int... p) {
      Work w = new Work("Last");
      return w.answer(w.add(lastApart(w, p[0], p[1]), p[2]));
    }
  }

  /** Parameters a, b, c and the cast: a boxes of b, less c. */
  record BoxesLessSome() implements Family {
    @Override
    public String subdomain() {
      return "two-operations";
    }

    @Override
    public String name() {
      return "boxes-less-some";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int[] factors = factors(draw, level);
      int most = Math.min(10 * level, factors[0] * factors[1] - 1);
      return Cast.drawn(draw, factors[0], factors[1], draw.in(1, most));
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] * p[1] - p[2],
          List.of(
              c.tell(
                  "{N} has {a} boxes with {b} {T} in each box. {N} loses {c} {T}. How many {T} are left?",
                  p),
              c.tell(
                  "There are {a} bags with {b} {T} in each bag. {N} takes {c} {T}. How many {T} are left?",
                  p)),
          inOrder(p),
          swap(p),
          last(p));
    }

    private static String inOrder(int... p) {
      Work w = new Work("Order");
      return w.answer(w.sub(w.mul(p[0], p[1]), p[2]));
    }

    private static String swap(int... p) {
      Work w = new Work("Swap");
      return w.answer(w.sub(w.mul(p[1], p[0]), p[2]));
    }

    private static String last(int... p) {
      Work w = new Work("Last");
      return w.answer(w.sub(lastApart(w, p[0], p[1]), p[2]));
    }
  }
}
