package org.etalon.data.grade.code;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import org.etalon.data.DataException;

/**
 * Reads the tests of a problem of LiveCodeBench's data set: columns {@code public_test_cases},
 * {@code private_test_cases} and {@code metadata}.
 */
public final class LiveCodeBenchTests {
  private static final ImmutableSet<String> FIELDS = ImmutableSet.of("input", "output", "testtype");

  private LiveCodeBenchTests() {}

  /**
   * Public tests, then private ones, with LiveCodeBench's limits. As there, a function name in the
   * metadata makes the problem functional.
   *
   * @param publicTests JSON list of {@code {"input", "output", "testtype"}}
   * @param privateTests the same, or base64 of zlib of a pickle of it; empty if there are none
   * @param metadata JSON object, with {@code func_name} where a function is asked for; may be empty
   * @param place where they are from, for errors
   * @throws DataException naming the field at fault
   */
  public static CodeTests read(
      String publicTests, String privateTests, String metadata, String place) {
    String function = function(metadata, place + ": metadata");
    CodeKind kind = function.isEmpty() ? CodeKind.STDIN : CodeKind.FUNCTIONAL;
    ImmutableList.Builder<CodeTests.Test> tests = ImmutableList.builder();
    addTests(publicTests, kind, place + ": public_test_cases", tests);
    String privatePlace = place + ": private_test_cases";
    addTests(plain(privateTests, privatePlace), kind, privatePlace, tests);
    try {
      return new CodeTests(kind, function, tests.build());
    } catch (DataException e) {
      throw new DataException(place + ": " + e.getMessage(), e);
    }
  }

  private static String function(String metadata, String place) {
    if (metadata.isBlank()) {
      return "";
    }
    JsonNode node = JsonText.object(metadata, place).path("func_name");
    if (node.isMissingNode() || node.isNull()) {
      return "";
    }
    if (!node.isTextual()) {
      throw CodeTestsJson.wrong(place, "func_name", "a string", node);
    }
    return node.textValue();
  }

  private static String plain(String privateTests, String place) {
    boolean json = CharMatcher.whitespace().trimLeadingFrom(privateTests).startsWith("[");
    return json || privateTests.isBlank()
        ? privateTests
        : PickledText.decode(privateTests, place, PickledText.MOST_BYTES);
  }

  private static void addTests(
      String text, CodeKind kind, String place, ImmutableList.Builder<CodeTests.Test> tests) {
    if (text.isBlank()) {
      return;
    }
    JsonNode list = JsonText.list(text, place);
    if (!list.isArray()) {
      throw new DataException(
          place + ": expected a list of tests, got " + JsonText.shown(list) + "; correct it");
    }
    for (int i = 0; i < list.size(); i++) {
      String test = place + "[" + i + "]";
      CodeTestsJson.refuseUnknown(list.get(i), FIELDS, test, "");
      String type = CodeTestsJson.text(list.get(i), "testtype", test);
      if (!type.equals(kind.label())) {
        throw CodeTestsJson.wrong(
            test,
            "testtype",
            kind == CodeKind.STDIN
                ? "\"stdin\", as the metadata names no function"
                : "\"functional\", as the metadata names a function",
            list.get(i).get("testtype"));
      }
      tests.add(
          new CodeTests.Test(
              CodeTestsJson.text(list.get(i), "input", test),
              CodeTestsJson.text(list.get(i), "output", test)));
    }
  }
}
