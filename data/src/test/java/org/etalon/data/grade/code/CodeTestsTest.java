package org.etalon.data.grade.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeTestsTest {
  private static final String GOOD = "{'kind':'stdin','tests':[{'input':'1','output':'2'}]}";

  @Test
  void limitsHaveDefaults() {
    CodeTests tests = read(GOOD);
    assertEquals(6, tests.seconds());
    assertEquals(1024, tests.memoryMb());
    assertEquals(List.of(new CodeTests.Test("1", "2")), tests.tests());
  }

  @Property(seed = "1")
  void whatIsWrittenIsReadBack(@ForAll("anyTests") CodeTests tests) {
    assertEquals(tests, CodeTests.fromJson(tests.toJson(), "gold"));
  }

  @Provide
  Arbitrary<CodeTests> anyTests() {
    Arbitrary<String> text = Arbitraries.strings().ofMaxLength(20);
    Arbitrary<CodeTests> stdin =
        Combinators.combine(
                Combinators.combine(text, text)
                    .as(CodeTests.Test::new)
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(5),
                Arbitraries.doubles().between(0.01, 3600),
                Arbitraries.integers().between(16, 65536))
            .as(
                (tests, seconds, memory) ->
                    new CodeTests(CodeKind.STDIN, "", tests, seconds, memory));
    Arbitrary<CodeTests> functional =
        Combinators.combine(
                Arbitraries.integers().list().map(List::toString),
                Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(40))
            .as(
                (list, name) ->
                    new CodeTests(
                        CodeKind.FUNCTIONAL,
                        name,
                        List.of(new CodeTests.Test(list + "\n" + list, list))));
    return Arbitraries.oneOf(stdin, functional);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "[]|gold: expected a JSON object",
        "{|gold: expected JSON, got text that is not",
        "{} {}|gold: expected JSON, got text that is not",
        "{'kind':'stdin'}|field \"tests\": expected a list of tests, got nothing",
        "{'kind':'stdin','tests':[]}|field \"tests\": expected at least one test",
        "{'kind':'files','tests':[]}|field \"kind\": expected \"stdin\" or \"functional\", got \"files\"",
        "{'kind':1,'tests':[]}|field \"kind\": expected a string, got 1",
        "{'tests':[{'input':'','output':''}]}|field \"kind\": expected a string, got nothing",
        "{'kind':'stdin','kind':'stdin','tests':[]}|Duplicate field 'kind'",
        "{'kind':'stdin','tests':[],'second':1}|unknown field \"second\"; did you mean \"seconds\"?",
        "{'kind':'stdin','tests':['x']}|field \"tests[0]\": expected an object",
        "{'kind':'stdin','tests':[{'input':'1'}]}|field \"tests[0].output\": expected a string, got nothing",
        "{'kind':'stdin','tests':[{'input':1,'output':''}]}|field \"tests[0].input\": expected a string, got 1",
        "{'kind':'stdin','tests':[{'input':'','output':'','out':''}]}|unknown field \"tests[0].out\"",
        "{'kind':'stdin','func_name':'f','tests':[{'input':'','output':''}]}|field \"func_name\": expected no function",
        "{'kind':'functional','tests':[{'input':'','output':'1'}]}|field \"func_name\": expected a string",
        "{'kind':'functional','func_name':'f()','tests':[{'input':'','output':'1'}]}|field \"func_name\": expected the name",
        "{'kind':'functional','func_name':'f','tests':[{'input':'1\\n[','output':'1'}]}|field \"tests[0].input\": expected line 2",
        "{'kind':'functional','func_name':'f','tests':[{'input':'1\\n\\n2','output':'1'}]}|field \"tests[0].input\": expected line 2",
        "{'kind':'functional','func_name':'f','tests':[{'input':'1','output':''}]}|field \"tests[0].output\": expected one JSON value, got nothing",
        "{'kind':'functional','func_name':'f','tests':[{'input':'1','output':'1 2'}]}|field \"tests[0].output\": expected one JSON value",
        "{'kind':'stdin','tests':[{'input':'','output':''}],'seconds':'6'}|field \"seconds\": expected a number",
        "{'kind':'stdin','tests':[{'input':'','output':''}],'seconds':0}|field \"seconds\": expected seconds above 0",
        "{'kind':'stdin','tests':[{'input':'','output':''}],'seconds':NaN}|field \"seconds\": expected seconds above 0",
        "{'kind':'stdin','tests':[{'input':'','output':''}],'memory_mb':1.5}|field \"memory_mb\": expected a whole number",
        "{'kind':'stdin','tests':[{'input':'','output':''}],'memory_mb':1}|field \"memory_mb\": expected MiB from 16",
      })
  void aFaultIsNamed(String text, String complaint) {
    DataException e = assertThrows(DataException.class, () -> read(text));
    assertTrue(e.getMessage().startsWith("gold: "), e.getMessage());
    assertTrue(e.getMessage().contains(complaint), e.getMessage());
  }

  @Property(seed = "1")
  void anyTextIsReadOrRefused(@ForAll String text, @ForAll int at, @ForAll char c) {
    StringBuilder changed = new StringBuilder(GOOD.replace('\'', '"'));
    changed.setCharAt(Math.floorMod(at, changed.length()), c);
    for (String json : List.of(text, changed.toString())) {
      try {
        assertTrue(CodeTests.fromJson(json, "gold").tests().size() == 1);
      } catch (DataException e) {
        assertTrue(e.getMessage().startsWith("gold: "), e.getMessage());
      }
    }
  }

  @Test
  void deepAndLongJsonIsRefused() {
    assertThrows(DataException.class, () -> read("[".repeat(1 << 20)));
    assertThrows(
        DataException.class,
        () ->
            new CodeTests(
                CodeKind.FUNCTIONAL, "f", List.of(new CodeTests.Test("9".repeat(1 << 20), "1"))));
  }

  private static CodeTests read(String text) {
    return CodeTests.fromJson(text.replace('\'', '"'), "gold");
  }
}
