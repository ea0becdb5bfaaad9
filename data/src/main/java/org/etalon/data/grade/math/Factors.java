package org.etalon.data.grade.math;

import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/** Factors of whole numbers. */
final class Factors {
  /** Our choice: larger factors are searched for no further. */
  private static final int LARGEST = 10_000;

  private static final int CERTAINTY = 40;

  private Factors() {}

  /** Prime factors and how often each divides; what is left may be a product of large ones. */
  static Map<BigInteger, Integer> of(BigInteger positive, Budget budget) {
    Map<BigInteger, Integer> factors = new TreeMap<>();
    BigInteger rest = positive;
    for (int factor = 2; factor <= LARGEST; factor += factor == 2 ? 1 : 2) {
      BigInteger divisor = BigInteger.valueOf(factor);
      if (rest.bitLength() < 31 && (long) factor * factor > rest.longValueExact()) {
        break;
      }
      budget.spend(1 + rest.bitLength() / 256);
      int times = 0;
      BigInteger[] parts = rest.divideAndRemainder(divisor);
      while (parts[1].signum() == 0) {
        times++;
        rest = parts[0];
        parts = rest.divideAndRemainder(divisor);
      }
      if (times > 0) {
        factors.put(divisor, times);
      }
    }
    if (!rest.equals(BigInteger.ONE)) {
      BigInteger root = rest.sqrt();
      if (root.multiply(root).equals(rest)) {
        factors.put(root, 2);
      } else {
        factors.put(rest, 1);
      }
    }
    return factors;
  }

  /** Whether a number is prime, all but surely; false for one too large to tell. */
  static boolean isPrime(BigInteger positive) {
    return positive.bitLength() <= 256 && positive.isProbablePrime(CERTAINTY);
  }
}
