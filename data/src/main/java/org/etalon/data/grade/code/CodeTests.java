package org.etalon.data.grade.code;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.regex.Pattern;
import org.etalon.data.DataException;

/**
 * The tests of a program: the gold answer of a problem of kind {@code code}, as JSON {@code
 * {"kind", "func_name", "tests": [{"input", "output"}], "seconds", "memory_mb"}}.
 *
 * @param kind how the program takes its input
 * @param function name of the function to call; empty for {@link CodeKind#STDIN}
 * @param tests at least one
 * @param seconds wall-clock limit of each test; LiveCodeBench's is 6
 * @param memoryMb memory limit in MiB beyond what the interpreter itself takes
 */
public record CodeTests(
    CodeKind kind, String function, List<Test> tests, double seconds, int memoryMb) {
  /** LiveCodeBench's limit. */
  public static final double DEFAULT_SECONDS = 6;

  /** Our choice, AtCoder's limit; LiveCodeBench sets none. */
  public static final int DEFAULT_MEMORY_MB = 1024;

  static final double MOST_SECONDS = 3600;
  static final int LEAST_MEMORY_MB = 16;
  static final int MOST_MEMORY_MB = 1 << 16;
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]{0,200}");

  /**
   * One test.
   *
   * @param input standard input, or one argument in JSON a line
   * @param output what standard output, or the JSON of what is returned, is compared with; it never
   *     enters the sandbox
   */
  public record Test(String input, String output) {}

  public CodeTests {
    tests = ImmutableList.copyOf(tests);
    require(!tests.isEmpty(), "tests", "at least one test", "an empty list");
    require(
        seconds > 0 && seconds <= MOST_SECONDS,
        "seconds",
        "seconds above 0 and at most " + (int) MOST_SECONDS,
        seconds);
    require(
        memoryMb >= LEAST_MEMORY_MB && memoryMb <= MOST_MEMORY_MB,
        "memory_mb",
        "MiB from " + LEAST_MEMORY_MB + " to " + MOST_MEMORY_MB,
        memoryMb);
    if (kind == CodeKind.STDIN) {
      require(function.isEmpty(), "func_name", "no function for kind stdin", function);
    } else {
      require(NAME.matcher(function).matches(), "func_name", "the name of a function", function);
      for (int i = 0; i < tests.size(); i++) {
        JsonText.requireValues(tests.get(i), "tests[" + i + "]");
      }
    }
  }

  /** With LiveCodeBench's time limit and {@link #DEFAULT_MEMORY_MB}. */
  public CodeTests(CodeKind kind, String function, List<Test> tests) {
    this(kind, function, tests, DEFAULT_SECONDS, DEFAULT_MEMORY_MB);
  }

  /**
   * Reads the text that {@link #toJson} writes; {@code seconds}, {@code memory_mb} and, for stdin,
   * {@code func_name} may be left out.
   *
   * @param place where the text is from, for errors
   * @throws DataException naming the field at fault
   */
  public static CodeTests fromJson(String text, String place) {
    return CodeTestsJson.read(JsonText.object(text, place), place);
  }

  /** The tests as one line of JSON. */
  public String toJson() {
    ObjectNode node = JsonText.newObject();
    node.put("kind", kind.label());
    if (kind == CodeKind.FUNCTIONAL) {
      node.put("func_name", function);
    }
    ArrayNode list = node.putArray("tests");
    for (Test test : tests) {
      list.addObject().put("input", test.input()).put("output", test.output());
    }
    node.put("seconds", seconds).put("memory_mb", memoryMb);
    return node.toString();
  }

  private static void require(boolean holds, String field, String expected, Object got) {
    if (!holds) {
      throw new DataException(
          "field \""
              + field
              + "\": expected "
              + expected
              + ", got "
              + JsonText.shown(String.valueOf(got))
              + "; correct it");
    }
  }
}
