package org.etalon.data.builtin;

import java.util.List;

/** Geometry: areas of plane figures. */
final class GeometryAreas {
  private GeometryAreas() {}

  /** Parameters a, b, c, d: a rectangle a by b without a corner c by d. */
  record LShape() implements Family {
    @Override
    public String subdomain() {
      return "geometry";
    }

    @Override
    public String name() {
      return "l-shape";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int a = level == 3 ? draw.in(11, 30) : draw.in(3, level == 1 ? 8 : 15);
      int b = draw.in(3, level == 1 ? 6 : 9);
      return new int[] {a, b, draw.in(1, a - 1), draw.in(1, b - 1)};
    }

    @Override
    public Question pose(int... p) {
      return Question.of(
          p[0] * p[1] - p[2] * p[3],
          List.of(
              "%d by %d sheet minus %d by %d corner. Area?".formatted(p[0], p[1], p[2], p[3]),
              "Area of %d*%d without a corner %d*%d?".formatted(p[0], p[1], p[2], p[3])),
          subtract(p),
          columns(p),
          rows(p));
    }

    private static String subtract(int... p) {
      Work w = new Work("Subtract");
      int whole = w.mul(p[0], p[1]);
      return w.answer(w.sub(whole, w.mul(p[2], p[3])));
    }

    private static String columns(int... p) {
      Work w = new Work("Columns");
      int full = w.mul(w.sub(p[0], p[2]), p[1]);
      int cut = w.mul(w.sub(p[1], p[3]), p[2]);
      return w.answer(w.add(full, cut));
    }

    private static String rows(int... p) {
      Work w = new Work("Rows");
      int full = w.mul(w.sub(p[1], p[3]), p[0]);
      int cut = w.mul(w.sub(p[0], p[2]), p[3]);
      return w.answer(w.add(full, cut));
    }
  }

  /** Parameters x, y, a, b, c, d: a triangle (x,y), (x+a,y+b), (x+c,y+d) with a>c and d>b. */
  record TriangleArea() implements Family {
    @Override
    public String subdomain() {
      return "geometry";
    }

    @Override
    public String name() {
      return "triangle-area";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int most = level == 1 ? 7 : 9;
      int a = draw.in(2, most);
      int d = draw.in(2, most);
      int x = level == 3 ? draw.in(1, 9) : 0;
      int y = level == 3 ? draw.in(1, 9) : 0;
      return new int[] {x, y, a, draw.in(1, d - 1), draw.in(1, a - 1), d};
    }

    @Override
    public Question pose(int... p) {
      int[] at = {p[0], p[1], p[0] + p[2], p[1] + p[3], p[0] + p[4], p[1] + p[5]};
      String corners =
          "(%d,%d), (%d,%d), (%d,%d)".formatted(at[0], at[1], at[2], at[3], at[4], at[5]);
      return Question.of(
          Ratio.of(p[2] * p[5] - p[3] * p[4], 2),
          List.of(
              "Area of the triangle " + corners + "?", "Corners " + corners + ". Find the area."),
          cross(p),
          box(p),
          strips(p));
    }

    /** Moves the first corner to the origin. */
    private static void shift(Work w, int... p) {
      if (p[0] != 0) {
        w.sub(p[0] + p[2], p[0]);
        w.sub(p[1] + p[3], p[1]);
        w.sub(p[0] + p[4], p[0]);
        w.sub(p[1] + p[5], p[1]);
      }
    }

    private static String cross(int... p) {
      Work w = new Work("Cross");
      shift(w, p);
      int one = w.mul(p[2], p[5]);
      return w.answer(w.ratio(w.sub(one, w.mul(p[4], p[3])), 2));
    }

    /** Twice the bounding box without twice its three corner triangles. */
    private static String box(int... p) {
      Work w = new Work("Box");
      shift(w, p);
      int twice = w.mul(2, w.mul(p[2], p[5]));
      int low = w.mul(p[2], p[3]);
      int left = w.mul(p[4], p[5]);
      int far = w.mul(w.sub(p[2], p[4]), w.sub(p[5], p[3]));
      return w.answer(w.ratio(w.sub(w.sub(w.sub(twice, low), left), far), 2));
    }

    /** Twice the strips between the horizontal axis and each side. */
    private static String strips(int... p) {
      Work w = new Work("Strips");
      shift(w, p);
      int left = w.mul(p[4], p[5]);
      int right = w.mul(w.sub(p[2], p[4]), w.add(p[3], p[5]));
      int above = w.add(left, right);
      return w.answer(w.ratio(w.sub(above, w.mul(p[2], p[3])), 2));
    }
  }

  /** Parameters a, b, h: parallel sides a and b at the even height h. */
  record TrapezoidArea() implements Family {
    @Override
    public String subdomain() {
      return "geometry";
    }

    @Override
    public String name() {
      return "trapezoid-area";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      while (true) {
        int low = level == 3 ? 11 : 1;
        int high = level == 1 ? 11 : level == 2 ? 20 : 40;
        int a = draw.in(low, high);
        int b = draw.in(low, high);
        if (a != b) {
          return new int[] {a, b, 2 * draw.in(1, level == 1 ? 3 : 5)};
        }
      }
    }

    @Override
    public Question pose(int... p) {
      return Question.of(
          (p[0] + p[1]) * p[2] / 2,
          List.of(
              "Trapezoid with parallel sides %d and %d, height %d: area?"
                  .formatted(p[0], p[1], p[2]),
              "Parallel sides %d, %d are %d apart. Find the area.".formatted(p[0], p[1], p[2])),
          twice(p[0], p[1], p[2]),
          split(Math.min(p[0], p[1]), Math.max(p[0], p[1]), p[2]),
          halves(p[0], p[1], p[2]));
    }

    /** Two copies make a parallelogram. */
    private static String twice(int a, int b, int h) {
      Work w = new Work("Double");
      return w.answer(w.div(w.mul(w.add(a, b), h), 2));
    }

    /** A rectangle and a triangle. */
    private static String split(int small, int large, int h) {
      Work w = new Work("Split");
      int rectangle = w.mul(small, h);
      int triangle = w.div(w.mul(w.sub(large, small), h), 2);
      return w.answer(w.add(rectangle, triangle));
    }

    /** A diagonal leaves two triangles of the same height. */
    private static String halves(int a, int b, int h) {
      Work w = new Work("Diagonal");
      int half = w.div(h, 2);
      int one = w.mul(a, half);
      return w.answer(w.add(one, w.mul(b, half)));
    }
  }
}
