package org.etalon.data.grade.math;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.etalon.data.grade.Rational;
import org.junit.jupiter.api.Assertions;

class FormulaPropertyTest {
  /**
   * A formula written twice.
   *
   * @param plain one spelling
   * @param other another one, with its terms in another order
   */
  record Spelled(String plain, String other) {}

  private static boolean same(String gold, String answer) {
    Formula wanted = Formula.read(gold).orElseThrow(() -> new AssertionError("unread: " + gold));
    Formula got = Formula.read(answer).orElseThrow(() -> new AssertionError("unread: " + answer));
    return wanted.isSaidBy(got, new Budget(Duration.ofSeconds(60)));
  }

  /** Whether it has a value: 1/(x-x) has none, and equals nothing that is written otherwise. */
  private static boolean isDefined(String text) {
    try {
      new Algebra(new Budget(Duration.ofSeconds(60))).of(Formula.read(text).orElseThrow().node());
      return true;
    } catch (FormulaException e) {
      return false;
    }
  }

  @Provide
  Arbitrary<Spelled> formulas() {
    Arbitrary<Spelled> numbers =
        Arbitraries.integers().between(0, 99).map(n -> new Spelled("" + n, n + ".0"));
    Arbitrary<Spelled> names =
        Arbitraries.of("x", "y", "a_1", "\\pi", "\\theta", "e").map(n -> new Spelled(n, n));
    return Arbitraries.lazyOf(
        () -> numbers, () -> names, () -> numbers, () -> names, this::binary, this::unary);
  }

  private Arbitrary<Spelled> binary() {
    return Combinators.combine(Arbitraries.of("+", "-", "*", "/"), formulas(), formulas())
        .as(FormulaPropertyTest::joined);
  }

  private static Spelled joined(String operator, Spelled a, Spelled b) {
    return switch (operator) {
      case "+" ->
          new Spelled(
              "(" + a.plain() + "+" + b.plain() + ")",
              "\\left(" + b.other() + " + " + a.other() + "\\right)");
      case "-" ->
          new Spelled(
              "(" + a.plain() + "-" + b.plain() + ")",
              "(-{" + b.other() + "}\\, + {" + a.other() + "})");
      case "*" ->
          new Spelled(
              "(" + a.plain() + ")(" + b.plain() + ")",
              "{" + b.other() + "} \\cdot {" + a.other() + "}");
      default ->
          new Spelled(
              "\\frac{" + a.plain() + "}{" + b.plain() + "}",
              "(" + a.other() + ")/(" + b.other() + ")");
    };
  }

  private Arbitrary<Spelled> unary() {
    return Combinators.combine(Arbitraries.of("sqrt", "square", "sin"), formulas())
        .as(
            (function, a) ->
                switch (function) {
                  case "sqrt" ->
                      new Spelled("\\sqrt{" + a.plain() + "}", "(" + a.other() + ")^{\\frac12}");
                  case "square" ->
                      new Spelled(
                          "(" + a.plain() + ")^2", "(" + a.other() + ")(" + a.other() + ")");
                  default ->
                      new Spelled(
                          "\\sin(" + a.plain() + ")", "\\sin\\left(" + a.other() + "\\right)");
                });
  }

  @Property(tries = 300, seed = "1")
  void aFormulaIsItselfAndItsOtherSpelling(@ForAll("formulas") Spelled formula) {
    Assertions.assertTrue(same(formula.plain(), formula.plain()), formula.toString());
    Assume.that(isDefined(formula.plain()));
    Assertions.assertTrue(same(formula.plain(), formula.other()), formula.toString());
  }

  @Property(tries = 300, seed = "1")
  void theVerdictIsTheSameTheOtherWayRound(
      @ForAll("formulas") Spelled a, @ForAll("formulas") Spelled b) {
    Assertions.assertEquals(
        same(a.plain(), b.other()), same(b.other(), a.plain()), a + " and " + b);
  }

  @Property(tries = 300, seed = "1")
  void anotherNumberIsAnotherFormula(
      @ForAll("formulas") Spelled formula, @ForAll @IntRange(max = 1000) int n) {
    Assertions.assertFalse(
        same(formula.plain() + "+" + n, formula.other() + "+" + (n + 1)), formula.toString());
  }

  @Property(tries = 300, seed = "1")
  void aTinyDifferenceIsOne(@ForAll("formulas") Spelled formula) {
    Assertions.assertFalse(
        same(formula.plain(), formula.other() + "+10^{-30}"), formula.toString());
  }

  @Property(seed = "1")
  void aFractionIsReadAsItWasWritten(@ForAll BigInteger over, @ForAll BigInteger under) {
    Assume.that(under.signum() != 0);
    Rational value = new Rational(over, under);
    Optional<Formula> read = Formula.read("\\frac{" + over + "}{" + under + "}");
    Budget budget = new Budget(Duration.ofSeconds(60));
    Assertions.assertEquals(
        Optional.of(value), new Scalars(budget).rational(read.orElseThrow().node()));
  }

  @Property(tries = 200, seed = "1")
  void theOrderOfASetSaysNothingAndThatOfATupleAll(
      @ForAll @Size(min = 2, max = 8) List<@IntRange(max = 20) Integer> numbers,
      @ForAll java.util.Random random) {
    List<Integer> shuffled = new java.util.ArrayList<>(numbers);
    Collections.shuffle(shuffled, random);
    Assertions.assertTrue(same("\\{" + joined(numbers) + "\\}", "\\{" + joined(shuffled) + "\\}"));
    Assertions.assertEquals(
        numbers.equals(shuffled), same("(" + joined(numbers) + ")", "(" + joined(shuffled) + ")"));
  }

  private static String joined(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  @Property(tries = 200, seed = "1")
  void squareRootsAddUpExactly(
      @ForAll @IntRange(min = 1, max = 200) int a, @ForAll @IntRange(min = 1, max = 200) int b) {
    Assertions.assertTrue(
        same(
            "(\\sqrt{" + a + "}+\\sqrt{" + b + "})^2", (a + b) + "+2\\sqrt{" + (long) a * b + "}"));
    Assume.that(a != b);
    Assertions.assertTrue(
        same(
            "\\frac{1}{\\sqrt{" + a + "}+\\sqrt{" + b + "}}",
            "\\frac{\\sqrt{" + a + "}-\\sqrt{" + b + "}}{" + (a - b) + "}"));
  }
}
