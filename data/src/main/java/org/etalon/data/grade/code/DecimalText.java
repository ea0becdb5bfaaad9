package org.etalon.data.grade.code;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number as Python's {@code decimal.Decimal} reads it, in a form in which equal numbers are equal
 * records: sign, digits without zeros at either end, and the power of ten of a point before them.
 *
 * <p>Without the bounds of {@code BigDecimal}: {@code 1e99999999999} is a number here too, and
 * costs no memory.
 */
record DecimalText(boolean negative, String digits, BigInteger exponent) {
  private static final Pattern NUMBER =
      Pattern.compile(
          "([+-]?)(\\d*+)(?:\\.(\\d*+))?(?:[eE]([+-]?\\d{1,1000}))?",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern INFINITY =
      Pattern.compile("([+-]?)inf(?:inity)?", Pattern.CASE_INSENSITIVE);

  /** Beyond this exponent Python refuses to read a number. */
  private static final BigInteger LAST_EXPONENT = new BigInteger("999999999999999999");

  /**
   * The number of a token; empty if Python would refuse it, or if it is not a number, which equals
   * nothing.
   */
  static Optional<DecimalText> of(String token) {
    String text = token.replace("_", "");
    Matcher infinite = INFINITY.matcher(text);
    if (infinite.matches()) {
      return Optional.of(new DecimalText(infinite.group(1).equals("-"), "inf", BigInteger.ZERO));
    }
    Matcher number = NUMBER.matcher(text);
    if (!number.matches()) {
      return Optional.empty();
    }
    String whole = ascii(number.group(2));
    String fraction = number.group(3) == null ? "" : ascii(number.group(3));
    String all = whole + fraction;
    if (all.isEmpty()) {
      return Optional.empty();
    }
    int from = 0;
    while (from < all.length() && all.charAt(from) == '0') {
      from++;
    }
    if (from == all.length()) {
      return Optional.of(new DecimalText(false, "", BigInteger.ZERO));
    }
    int to = all.length();
    while (all.charAt(to - 1) == '0') {
      to--;
    }
    BigInteger written =
        number.group(4) == null ? BigInteger.ZERO : new BigInteger(ascii(number.group(4)));
    BigInteger exponent = written.add(BigInteger.valueOf((long) whole.length() - from));
    if (exponent.subtract(BigInteger.ONE).abs().compareTo(LAST_EXPONENT) > 0) {
      return Optional.empty();
    }
    return Optional.of(
        new DecimalText(number.group(1).equals("-"), all.substring(from, to), exponent));
  }

  /** Python takes the digits of every script. */
  private static String ascii(String digits) {
    StringBuilder text = new StringBuilder(digits.length());
    digits
        .codePoints()
        .forEach(
            c -> text.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
    return text.toString();
  }
}
