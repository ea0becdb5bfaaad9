package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.prepare.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StepsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static final Context CONTEXT =
      new Context(
          CorrectTracesTest::grader,
          written -> {
            throw new DataException("no tokenizer at " + written);
          },
          7,
          Path.of("/base"));

  static ObjectNode options(String json) {
    try {
      return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String refusal(String name, String options) {
    return assertThrows(DataException.class, () -> Steps.of(name, options(options), CONTEXT))
        .getMessage();
  }

  @Test
  void aStepHasItsDefaultsAndItsOptions() {
    Step step = Steps.of("repetition", options("{}"), CONTEXT);
    assertTrue(step.apply(StepLaws.problem("a b c a b c")).kept().isPresent());
    Step strict =
        Steps.of("repetition", options("{'gram': 2, 'maxShare': 0.3, 'minGrams': 1}"), CONTEXT);
    assertTrue(strict.apply(StepLaws.problem("a b c a b c")).kept().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "repetitoin | {}                          | did you mean \"repetition\"?",
        "sort       | {}                          | unknown step \"sort\"; known are",
        "repetition | {'maxShar': 0.5}            | did you mean \"maxShare\"?",
        "repetition | {'colour': 1}               | unknown option \"colour\"; known are [gram,",
        "repetition | {'gram': 'ten'}             | option \"gram\": expected a whole number, got",
        "repetition | {'gram': 2.5}               | expected a whole number, got 2.5",
        "repetition | {'gram': 99999999999}       | expected a whole number",
        "repetition | {'maxShare': true}          | expected a number, got true",
        "repetition | {'keepWithoutTraces': 1}    | expected true or false, got 1",
        "repetition | {'gram': 0}                 | step repetition: gram must be at least 1",
        "correct-traces | {'undecided': 'maybe'}  | expected one of [keep, drop], got \"maybe\"",
        "correct-traces | {'undecided': null}     | expected one of [keep, drop], got null",
      })
  void whatIsWrongIsNamed(String name, String options, String message) {
    String refusal = refusal(name, options);
    assertTrue(refusal.contains(message), refusal);
  }

  static Stream<Arguments> everyOption() {
    return Steps.names().stream()
        .flatMap(name -> Steps.options(name).stream().map(option -> Arguments.of(name, option)));
  }

  @ParameterizedTest
  @MethodSource("everyOption")
  void everyOptionIsReadAndItsTypeIsChecked(String name, String option) {
    ObjectNode options = options("{}");
    if (!option.equals("tokenizer") && Steps.options(name).contains("tokenizer")) {
      options.put("tokenizer", "builtin");
    }
    options.putObject(option);
    var context = new Context(CorrectTracesTest::grader, path -> null, 7, Path.of("/base"));
    String message =
        assertThrows(DataException.class, () -> Steps.of(name, options, context)).getMessage();
    assertTrue(
        message.startsWith("step " + name + ": option \"" + option + "\": expected "), message);
  }

  @Test
  void filesOfAStepAreKnownBeforeItRuns() {
    assertEquals(List.of(), Steps.files("repetition", options("{}"), Path.of("/base")));
  }
}
