package org.etalon.graph.oracle;

import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/** Central differences of a scalar function at chosen coordinates. */
public final class FiniteDifferences {
  private FiniteDifferences() {}

  /**
   * Partial derivatives of {@code f} at {@code x}, one per coordinate: {@code (f(x+h) − f(x−h)) /
   * 2h}, with error O(h²) + rounding / h; in double precision a step near 1e-5 gives about 1e-9.
   */
  public static double[] gradient(
      ToDoubleFunction<double[]> f, double[] x, double step, int... coordinates) {
    double[] copy = x.clone();
    return inPlace(() -> f.applyAsDouble(copy), copy, step, coordinates);
  }

  /** All partial derivatives of {@code f} at {@code x}. */
  public static double[] gradient(ToDoubleFunction<double[]> f, double[] x, double step) {
    int[] all = new int[x.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return gradient(f, x, step, all);
  }

  /**
   * The same for a function that reads the array {@code live} itself; every value is put back
   * exactly.
   */
  public static double[] inPlace(DoubleSupplier f, double[] live, double step, int... coordinates) {
    double[] result = new double[coordinates.length];
    for (int i = 0; i < coordinates.length; i++) {
      int at = coordinates[i];
      double before = live[at];
      live[at] = before + step;
      double above = f.getAsDouble();
      live[at] = before - step;
      double below = f.getAsDouble();
      live[at] = before;
      result[i] = (above - below) / (2 * step);
    }
    return result;
  }
}
