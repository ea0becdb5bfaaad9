package org.etalon.data.builtin;

import com.google.common.collect.ImmutableList;

/** The families of each set, those of one subdomain next to each other. */
final class Families {
  private static final ImmutableList<Family> MATHEMATICS =
      ImmutableList.of(
          new AlgebraEquations.LinearEquation(),
          new AlgebraEquations.CoinMix(),
          new AlgebraEquations.QuadraticRoot(),
          new AlgebraSequences.ArithmeticTerm(),
          new AlgebraSequences.ArithmeticSum(),
          new AlgebraSequences.Proportion(),
          new GeometryAreas.LShape(),
          new GeometryAreas.TriangleArea(),
          new GeometryAreas.TrapezoidArea(),
          new GeometryMeasures.PolygonAngle(),
          new GeometryMeasures.BoxSurface(),
          new GeometryMeasures.SquaredDistance(),
          new CalculusSlopes.DerivativeAtPoint(),
          new CalculusSlopes.LeastValue(),
          new CalculusSlopes.ProductRule(),
          new CalculusLimits.DefiniteIntegral(),
          new CalculusLimits.LimitQuotient(),
          new CalculusLimits.AverageRate(),
          new StatisticsMeans.Mean(),
          new StatisticsMeans.MissingValue(),
          new StatisticsMeans.WeightedMean(),
          new StatisticsMeans.Variance(),
          new StatisticsChances.BagComplement(),
          new StatisticsChances.AtLeastOne());

  private static final ImmutableList<Family> STORIES =
      ImmutableList.of(
          new StorySums.Buys(),
          new StorySums.FindsAndLoses(),
          new StorySums.GivesAway(),
          new StorySums.GivesAwayTwice(),
          new StoryProducts.Boxes(),
          new StoryProducts.Price(),
          new StoryProducts.BoxesAndMore(),
          new StoryProducts.BoxesLessSome());

  private Families() {}

  static ImmutableList<Family> of(BuiltinSet set) {
    return switch (set) {
      case MATHEMATICS -> MATHEMATICS;
      case STORIES -> STORIES;
    };
  }
}
