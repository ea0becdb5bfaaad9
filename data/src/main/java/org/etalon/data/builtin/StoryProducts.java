package org.etalon.data.builtin;

import java.util.List;

/** Stories of equal parts, alone or with something added or taken. */
final class StoryProducts {
  private StoryProducts() {}

  /** Two different numbers, so that swapping them is another computation. */
  private static int[] factors(Draw draw, int level) {
    int a = draw.in(2, 10 + 4 * level);
    int b = draw.in(3, 11 + 4 * level);
    return new int[] {a, b == a ? b + 1 : b};
  }

  private static int swapped(Work w, int a, int b) {
    return w.mul(b, a);
  }

  /** One part less than there are, and then that part. */
  private static int lastApart(Work w, int a, int b) {
    return w.add(w.mul(a - 1, b), b);
  }

  private static String product(String method, int... p) {
    Work w = new Work(method);
    return w.answer(
        switch (method) {
          case "Multiply" -> w.mul(p[0], p[1]);
          case "Swap" -> swapped(w, p[0], p[1]);
          default -> lastApart(w, p[0], p[1]);
        });
  }

  /** Parameters a, b: a boxes of b. */
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
      return factors(draw, level);
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] * p[1],
          List.of(
              "%s has %d boxes with %d %s in each. How many %s?"
                  .formatted(c.name(), p[0], p[1], c.things(), c.things()),
              "How many %s are in %d bags of %d %s?".formatted(c.things(), p[0], p[1], c.things())),
          product("Multiply", p),
          product("Swap", p),
          product("Last", p));
    }
  }

  /** Parameters a, b: a things at a price of b. */
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
      return factors(draw, level);
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] * p[1],
          List.of(
              "%s buys %d %s for %d dollars each. What is the cost in dollars?"
                  .formatted(c.name(), p[0], c.things(), p[1]),
              "%d %s cost %d dollars each. How many dollars does %s pay?"
                  .formatted(p[0], c.things(), p[1], c.name())),
          product("Multiply", p),
          product("Swap", p),
          product("Last", p));
    }
  }

  /** Parameters a, b, c: a boxes of b, and c more. */
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
      return new int[] {factors[0], factors[1], draw.in(1, 10 + 10 * level)};
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] * p[1] + p[2],
          List.of(
              "%s has %d boxes of %d %s and %d more. How many in total?"
                  .formatted(c.name(), p[0], p[1], c.things(), p[2]),
              "%s fills %d bags with %d %s each; %d are left over. How many in total?"
                  .formatted(c.name(), p[0], p[1], c.things(), p[2])),
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
      return w.answer(w.add(p[2], swapped(w, p[0], p[1])));
    }

    private static String last(int... p) {
      Work w = new Work("Last");
      return w.answer(w.add(lastApart(w, p[0], p[1]), p[2]));
    }
  }

  /** Parameters a, b, c: a boxes of b, less c. */
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
      int most = Math.min(10 + 10 * level, factors[0] * factors[1] - 1);
      return new int[] {factors[0], factors[1], draw.in(1, most)};
    }

    @Override
    public Question pose(int... p) {
      Cast c = Cast.of(p);
      return Question.of(
          p[0] * p[1] - p[2],
          List.of(
              "%s has %d boxes of %d %s and loses %d. How many are left?"
                  .formatted(c.name(), p[0], p[1], c.things(), p[2]),
              "From %d bags of %d %s, %s takes %d. How many are left?"
                  .formatted(p[0], p[1], c.things(), c.name(), p[2])),
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
      return w.answer(w.sub(swapped(w, p[0], p[1]), p[2]));
    }

    private static String last(int... p) {
      Work w = new Work("Last");
      return w.answer(w.sub(lastApart(w, p[0], p[1]), p[2]));
    }
  }
}
