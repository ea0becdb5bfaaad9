package org.etalon.data.grade.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputComparisonTest {
  /** Verdicts of LiveCodeBench's rules as CPython 3.11's {@code decimal} gives them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "8|8|true",
        "8|8.0|true",
        "8|8e0|true",
        "80|8E+1|true",
        "0|-0.000|true",
        "1 2|1  2.0|true",
        "1 2|1\t2|true",
        "1 2|1 2 3|false",
        "0.1|0.10000000000000001|false",
        "50000000000000000|50000000000000001|false",
        "1_000|1000|true",
        ".5|0.5|true",
        "5.|5|true",
        "inf|Infinity|true",
        "inf|-inf|false",
        "nan|NaN|false",
        "NaN|NaN|true",
        "1e400|10e399|true",
        "1e99999999999|10e99999999998|true",
        "1e99999999999|1e99999999998|false",
        "1e1000000000000000000|10e999999999999999999|false",
        "0x10|16|false",
        "1/2|0.5|false",
        "YES|yes|false",
        "1 YES|1.0 YES|false",
        "YES|YES |true",
        "a|b|false",
        "-1|1|false",
        "+1|1|true",
        "1e|1|false",
        ".|0|false",
        "٣|3|true",
      })
  void linesAreEqualOrEqualNumbers(String expected, String output, boolean equal) {
    assertEquals(equal, same(expected, output));
    assertEquals(equal, same(output, expected));
  }

  @Test
  void onlySpaceAroundLinesAndOutputIsLeftOut() {
    assertTrue(same("a\nb", "\n\n a \r\nb\t\n\n"));
    assertTrue(same("", " \n "));
    assertFalse(same("a\nb", "a\n\nb"));
    assertFalse(same("1 2", "1\n2"));
    assertFalse(same("a  b", "a b"));
    assertTrue(same("a\u00a0", "\u001fa\u3000"));
    assertFalse(same("a\u200b", "a"));
  }

  @Property(seed = "1")
  void everyOutputEqualsItselfAndSpaceAround(@ForAll String output) {
    assertTrue(same(output, output));
    assertTrue(same(output, " \n" + output + "\r\n"));
    assertTrue(same(output + "\n", output));
  }

  @Property(seed = "1")
  void bothOrdersAgree(@ForAll String a, @ForAll String b) {
    assertEquals(same(a, b), same(b, a));
  }

  @Property(seed = "1")
  void decimalsAreComparedAsBigDecimalDoes(
      @ForAll BigDecimal a, @ForAll BigDecimal b, @ForAll boolean twin) {
    BigDecimal other = twin ? a.setScale(a.scale() + 3) : b;
    assertEquals(a.compareTo(other) == 0, same(a.toString(), other.toPlainString()));
    assertEquals(a.compareTo(other) == 0, same("x\n1 " + a, "x\n1.0 " + other));
  }

  private static boolean same(String expected, String output) {
    return OutputComparison.difference(expected, output).isEmpty();
  }
}
