package org.etalon.data.grade.code;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;

/** Reads tests from JSON, strictly: every complaint names place and field. */
final class CodeTestsJson {
  static final ImmutableSet<String> FIELDS =
      ImmutableSet.of("kind", "func_name", "tests", "seconds", "memory_mb");
  private static final ImmutableSet<String> TEST_FIELDS = ImmutableSet.of("input", "output");

  private CodeTestsJson() {}

  /** The tests of an object that holds nothing else. */
  static CodeTests read(JsonNode node, String place) {
    refuseUnknown(node, FIELDS, place, "");
    return readFields(node, place);
  }

  /** The tests of an object that may hold other fields as well. */
  static CodeTests readFields(JsonNode node, String place) {
    String label = text(node, "kind", place);
    CodeKind kind =
        Arrays.stream(CodeKind.values())
            .filter(k -> k.label().equals(label))
            .findFirst()
            .orElseThrow(
                () -> wrong(place, "kind", "\"stdin\" or \"functional\"", node.get("kind")));
    ImmutableList<CodeTests.Test> tests = tests(node.path("tests"), place);
    JsonNode seconds = node.path("seconds");
    if (!absent(seconds) && !seconds.isNumber()) {
      throw wrong(place, "seconds", "a number", seconds);
    }
    JsonNode memory = node.path("memory_mb");
    if (!absent(memory) && !(memory.isIntegralNumber() && memory.canConvertToInt())) {
      throw wrong(place, "memory_mb", "a whole number of MiB", memory);
    }
    JsonNode function = node.path("func_name");
    boolean none = kind == CodeKind.STDIN && absent(function);
    try {
      return new CodeTests(
          kind,
          none ? "" : text(node, "func_name", place),
          tests,
          seconds.asDouble(CodeTests.DEFAULT_SECONDS),
          memory.asInt(CodeTests.DEFAULT_MEMORY_MB));
    } catch (DataException e) {
      throw e.getMessage().startsWith(place) ? e : new DataException(place + ": " + e.getMessage());
    }
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static ImmutableList<CodeTests.Test> tests(JsonNode node, String place) {
    if (!node.isArray()) {
      throw wrong(place, "tests", "a list of tests", node);
    }
    ImmutableList.Builder<CodeTests.Test> tests = ImmutableList.builder();
    for (int i = 0; i < node.size(); i++) {
      String field = "tests[" + i + "]";
      JsonNode test = node.get(i);
      if (!test.isObject()) {
        throw wrong(place, field, "an object {\"input\", \"output\"}", test);
      }
      refuseUnknown(test, TEST_FIELDS, place, field + ".");
      tests.add(
          new CodeTests.Test(
              text(test, "input", place, field + "."), text(test, "output", place, field + ".")));
    }
    return tests.build();
  }

  static void refuseUnknown(JsonNode node, Set<String> known, String place, String prefix) {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new DataException(
            place
                + ": unknown field \""
                + prefix
                + JsonText.shown(name)
                + "\"; "
                + NearestName.of(JsonText.shown(name), known)
                    .map(near -> "did you mean \"" + near + "\"?")
                    .orElse("known are " + Joiner.on(", ").join(known)));
      }
    }
  }

  static String text(JsonNode node, String field, String place) {
    return text(node, field, place, "");
  }

  private static String text(JsonNode node, String field, String place, String prefix) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw wrong(place, prefix + field, "a string", value);
    }
    return value.textValue();
  }

  static DataException wrong(String place, String field, String expected, JsonNode got) {
    return new DataException(
        place
            + ": field \""
            + field
            + "\": expected "
            + expected
            + ", got "
            + JsonText.shown(got)
            + "; correct it");
  }
}
