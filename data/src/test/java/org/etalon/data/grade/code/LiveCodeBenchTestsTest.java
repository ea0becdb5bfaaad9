package org.etalon.data.grade.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pickles were made with CPython 3.11: {@code b64encode(compress(dumps(text, protocol)))}. */
class LiveCodeBenchTestsTest {
  private static final String STDIN = "[{\"input\":\"1\",\"output\":\"2\",\"testtype\":\"stdin\"}]";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eJyLsGZgYIiuVsrMKygtUbJSUDKOyVPSUVDKLy2BCsSUGhikJYPESlKLS0oqC1JBosUlKZl5SrWxhQx6AHyxE50=",
        "eJxrYIqwZmBgiK5WyswrKC1RslJQMo7JU9JRUMovLYEKxJQaGKQlg8RKUotLSioLUkGixSUpmXlKtbGFDHoAn7sUHw==",
        "eJxrYJlqzwABPdbR1UqZeQWlJUpWCkrGMXlKOgpK+aUlUIGYUgODtGSQWElqcUlJZUEqSLS4JCUzT6k2dooeANYoFUw=",
        "eJxrYJ1qzwABPdbR1UqZeQWlJUpWCkrGMXlKOgpK+aUlUIGYUgODtGSQWElqcUlJZUEqSLS4JCUzT6k2dooeANZxFU0="
      })
  void privateTestsComeAfterPublicOnes(String pickle) {
    CodeTests tests = LiveCodeBenchTests.read(STDIN, pickle, "{}", "row 1");
    assertEquals(CodeKind.STDIN, tests.kind());
    assertEquals(
        List.of(new CodeTests.Test("1", "2"), new CodeTests.Test("3\n", "ü")), tests.tests());
    assertEquals(6, tests.seconds());
  }

  @Test
  void privateTestsMayBePlainOrMissing() {
    assertEquals(2, LiveCodeBenchTests.read(STDIN, STDIN, "", "row 1").tests().size());
    assertEquals(1, LiveCodeBenchTests.read(STDIN, "", "", "row 1").tests().size());
  }

  @Test
  void aFunctionNameMakesItFunctional() {
    CodeTests tests =
        LiveCodeBenchTests.read(
            STDIN.replace("stdin", "functional"), "", "{\"func_name\":\"twice\"}", "row 1");
    assertEquals(CodeKind.FUNCTIONAL, tests.kind());
    assertEquals("twice", tests.function());
    assertEquals(
        CodeKind.STDIN, LiveCodeBenchTests.read(STDIN, "", "{\"func_name\":null}", "row 1").kind());
  }

  @ParameterizedTest
  @CsvSource({
    // A list, a call of print, half a pickle, no pickle, no zlib, no base64.
    "eJxrYJnqxAABsVN6rKOrlTLzCkpLlKwUlIxj8pR0FJTyS0ugAjGlBgZpySCxktTikpLKglSQaHFJSmaeUm3slEQ9AC01FqE=, the pickle instruction 0x5d",
    "eJxrYJkqxwABPRxJpZk5JZl5xVN6WAuKMvNKpkye0sNYMaV1StAUPQDyFg4J, two",
    "eJxrYOnhTExKBgAIyQJA, a pickle that is cut off",
    "eJwDAAAAAAE=, a pickle that is cut off",
    "AAAA, zlib",
    "eJ*x, zlib",
  })
  void anythingButAPickledStringIsRefused(String text, String got) {
    DataException e =
        assertThrows(DataException.class, () -> LiveCodeBenchTests.read(STDIN, text, "", "row 1"));
    assertTrue(e.getMessage().startsWith("row 1: private_test_cases: expected "), e.getMessage());
    assertTrue(e.getMessage().contains(got), e.getMessage());
  }

  @Test
  void unpackedSizeIsBounded() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(new byte[10 << 20]);
    }
    String text = Base64.getEncoder().encodeToString(packed.toByteArray());
    DataException e =
        assertThrows(DataException.class, () -> PickledText.decode(text, "row 1", 1 << 20));
    assertTrue(e.getMessage().contains("at most 1048576 bytes when unpacked"), e.getMessage());
  }

  @Property(seed = "1")
  void anyBytesAreReadOrRefused(@ForAll byte[] pickle) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(pickle);
    }
    String text = Base64.getEncoder().encodeToString(packed.toByteArray());
    for (String either : List.of(text, new String(pickle, StandardCharsets.ISO_8859_1))) {
      assertThrows(DataException.class, () -> PickledText.decode(either, "row 1", 1 << 20));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "{}|{}|row 1: public_test_cases: expected a list of tests",
        "[1]|{}|row 1: public_test_cases[0]: field \"testtype\"",
        "[{'input':'1','output':'2','testtype':'stdin'}]|{'func_name':'f'}|expected \"functional\"",
        "[{'input':'1','output':'2','testtype':'functional'}]|{}|expected \"stdin\"",
        "[{'input':'1','output':'2','testtype':'stdin','x':1}]|{}|unknown field \"x\"",
        "[]|{}|row 1: field \"tests\": expected at least one test",
        "[]|{'func_name':1}|row 1: metadata: field \"func_name\": expected a string",
        "[]|[]|row 1: metadata: expected a JSON object",
      })
  void aFaultIsNamed(String tests, String metadata, String complaint) {
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                LiveCodeBenchTests.read(
                    tests.replace('\'', '"'), "", metadata.replace('\'', '"'), "row 1"));
    assertTrue(e.getMessage().contains(complaint), e.getMessage());
  }
}
