package org.etalon.data.builtin;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Geometry: angles, distances and surfaces. */
final class GeometryMeasures {
  private GeometryMeasures() {}

  /** Parameters: all angles but one of a quadrilateral (or, with four of them, a pentagon). */
  record PolygonAngle() implements Family {
    @Override
    public String subdomain() {
      return "geometry";
    }

    @Override
    public String name() {
      return "polygon-angle";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int unit = level == 1 ? 10 : 5;
      int known = level == 3 ? 4 : 3;
      while (true) {
        int[] angles = new int[known];
        for (int i = 0; i < known; i++) {
          angles[i] = unit * draw.in(40 / unit, 140 / unit);
        }
        int last = total(angles) - Arrays.stream(angles).sum();
        if (last >= 20 && last <= 170) {
          return angles;
        }
      }
    }

    @Override
    public Question pose(int... p) {
      String polygon = p.length == 3 ? "quadrilateral" : "pentagon";
      return Question.of(
          total(p) - Arrays.stream(p).sum(),
          List.of(
              "Angles of a " + polygon + ": " + Terms.list(p) + ", x. Find x.",
              "A " + polygon + " has angles " + Terms.list(p) + ". The last?"),
          total(new Work("Total"), p),
          peel(p),
          balance(p));
    }

    private static int total(int... p) {
      return 180 * (p.length - 1);
    }

    private static String total(Work w, int... p) {
      int sum = p[0];
      for (int i = 1; i < p.length; i++) {
        sum = w.add(sum, p[i]);
      }
      return w.answer(w.sub(total(p), sum));
    }

    private static String peel(int... p) {
      Work w = new Work("Peel");
      int rest = total(p);
      for (int angle : p) {
        rest = w.sub(rest, angle);
      }
      return w.answer(rest);
    }

    /** What the known angles have beyond the average angle, the last one lacks. */
    private static String balance(int... p) {
      Work w = new Work("Balance");
      int average = total(p) / (p.length + 1);
      int surplus = w.sub(p[0], average);
      for (int i = 1; i < p.length; i++) {
        surplus = w.add(surplus, w.sub(p[i], average));
      }
      return w.answer(w.sub(average, surplus));
    }
  }

  /** Parameters a, b, c: the surface of a box. */
  record BoxSurface() implements Family {
    @Override
    public String subdomain() {
      return "geometry";
    }

    @Override
    public String name() {
      return "box-surface";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      while (true) {
        int a = level == 3 ? draw.in(3, 9) : draw.in(level, 9);
        int b = level == 3 ? draw.in(11, 20) : draw.in(level, 9);
        int c = draw.in(level, level == 2 ? 12 : 9);
        if (level > 1 || a * b + b * c + a * c <= 65) {
          return new int[] {a, b, c};
        }
      }
    }

    @Override
    public Question pose(int... p) {
      int a = p[0];
      int b = p[1];
      int c = p[2];
      return Question.of(
          2 * (a * b + b * c + a * c),
          List.of(
              "Surface of a %d by %d by %d box?".formatted(a, b, c),
              "A box measures %s. Find its surface.".formatted(Terms.list(a, b, c))),
          faces(a, b, c),
          wrap(a, b, c),
          squares(a, b, c));
    }

    private static String faces(int a, int b, int c) {
      Work w = new Work("Faces");
      int two = w.add(w.mul(a, b), w.mul(b, c));
      int three = w.add(two, w.mul(a, c));
      return w.answer(w.mul(2, three));
    }

    /** A band around the sides, a bottom and a lid. */
    private static String wrap(int a, int b, int c) {
      Work w = new Work("Wrap");
      int band = w.mul(w.mul(2, w.add(a, b)), c);
      int lids = w.mul(2, w.mul(a, b));
      return w.answer(w.add(band, lids));
    }

    /** The square of a+b+c is the three squares and every product of two sides twice. */
    private static String squares(int a, int b, int c) {
      Work w = new Work("Squares");
      int sum = w.add(w.add(a, b), c);
      int all = w.mul(sum, sum);
      int two = w.add(w.mul(a, a), w.mul(b, b));
      int three = w.add(two, w.mul(c, c));
      return w.answer(w.sub(all, three));
    }
  }

  /** Parameters: the coordinates of two points in the plane or (six of them) in space. */
  record SquaredDistance() implements Family {
    @Override
    public String subdomain() {
      return "geometry";
    }

    @Override
    public String name() {
      return "squared-distance";
    }

    @Override
    public int[] draw(Draw draw, int level) {
      int axes = level == 3 ? 3 : 2;
      int most = level == 1 ? 5 : level == 2 ? 9 : 6;
      int[] points = new int[2 * axes];
      for (int i = 0; i < axes; i++) {
        points[i] = level == 2 ? draw.in(-9, 9) : draw.in(0, 6);
        points[axes + i] = points[i] + draw.signed(1, most);
      }
      return points;
    }

    @Override
    public Question pose(int... p) {
      int axes = p.length / 2;
      int answer = 0;
      for (int i = 0; i < axes; i++) {
        answer += (p[axes + i] - p[i]) * (p[axes + i] - p[i]);
      }
      String from = point(p, 0, axes);
      String to = point(p, axes, 2 * axes);
      return Question.of(
          answer,
          ImmutableList.of(
              "Squared distance from " + from + " to " + to + "?",
              "P" + from + ", Q" + to + ". Find PQ^2."),
          legs(p),
          frame(p),
          tilted(p));
    }

    private static String point(int[] p, int from, int to) {
      return Arrays.stream(p, from, to)
          .mapToObj(Integer::toString)
          .collect(Collectors.joining(",", "(", ")"));
    }

    private static int leg(Work w, int i, int... p) {
      int axes = p.length / 2;
      return w.sub(Math.max(p[i], p[axes + i]), Math.min(p[i], p[axes + i]));
    }

    private static String legs(int... p) {
      Work w = new Work("Legs");
      int x = leg(w, 0, p);
      int y = leg(w, 1, p);
      int square = w.add(w.mul(x, x), w.mul(y, y));
      return w.answer(height(w, square, p));
    }

    /** A square of side x+y around the tilted square, without four right triangles. */
    private static String frame(int... p) {
      Work w = new Work("Frame");
      int x = leg(w, 0, p);
      int y = leg(w, 1, p);
      int side = w.add(x, y);
      int outer = w.mul(side, side);
      int triangles = w.mul(2, w.mul(x, y));
      return w.answer(height(w, w.sub(outer, triangles), p));
    }

    /** Four right triangles around the small square of side x-y. */
    private static String tilted(int... p) {
      Work w = new Work("Inner");
      int x = leg(w, 0, p);
      int y = leg(w, 1, p);
      int side = w.sub(Math.max(x, y), Math.min(x, y));
      int inner = w.mul(side, side);
      int triangles = w.mul(2, w.mul(x, y));
      return w.answer(height(w, w.add(inner, triangles), p));
    }

    private static int height(Work w, int square, int... p) {
      if (p.length == 4) {
        return square;
      }
      int z = leg(w, 2, p);
      return w.add(square, w.mul(z, z));
    }
  }
}
