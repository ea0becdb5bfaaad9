package org.etalon.data.text.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.etalon.data.DataException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {
  /** Texts that transformers rendered; make_chat_template_golden.py made them. */
  @TestFactory
  Stream<DynamicTest> textsAreThoseOfTransformers() throws IOException {
    try (InputStream in = JinjaTemplateTest.class.getResourceAsStream("golden.json")) {
      JsonNode cases = JsonMapper.builder().build().readTree(in);
      return StreamSupport.stream(cases.spliterator(), false)
          .map(c -> DynamicTest.dynamicTest(c.get("name").asText(), () -> checkGolden(c)));
    }
  }

  private static void checkGolden(JsonNode c) {
    List<Object> messages = new ArrayList<>();
    for (JsonNode message : c.get("messages")) {
      messages.add(message(message.get("role").asText(), message.get("content").asText()));
    }
    Map<String, Object> variables = new HashMap<>();
    variables.put("messages", messages);
    variables.put("add_generation_prompt", c.get("opens").asBoolean());
    variables.put("bos_token", FramedText.framing("<s>"));
    variables.put("eos_token", FramedText.framing("</s>"));
    variables.put("tools", null);
    String text = JinjaTemplate.parse("test", c.get("template").asText()).render(variables).text();
    assertEquals(c.get("text").asText(), text);
  }

  private static Map<String, Object> message(String role, String content) {
    Map<String, Object> message = new java.util.LinkedHashMap<>();
    message.put("role", FramedText.framing(role));
    message.put("content", FramedText.data(content));
    return message;
  }

  private static FramedText render(String template, String content) {
    return JinjaTemplate.parse("t.jinja", template)
        .render(Map.of("content", FramedText.data(content)));
  }

  /** Data between square brackets. */
  private static String marks(FramedText text) {
    StringBuilder shown = new StringBuilder();
    boolean open = false;
    for (int i = 0; i <= text.length(); i++) {
      boolean data = i < text.length() && text.holdsData(i, i + 1);
      if (data != open) {
        shown.append(data ? "[" : "]");
        open = data;
      }
      if (i < text.length()) {
        shown.append(text.text().charAt(i));
      }
    }
    return shown.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a{{ content }}b; a[ xTy ]b",
        "{{ '<' + content | trim + '>' }}; <[xTy]>",
        "{{ content.split('T')[1] ~ '!' }}; [y ]!",
        "{{ content.replace('T', '--') }}; [ x]--[y ]",
        "{{ content | upper }}; [ XTY ]",
        "{{ ['a', content.strip()] | join('|') }}; a|[xTy]",
        "{{ content[1:3] + 'z' }}; [xT]z",
        "{{ {'k': content} | tojson }}; [{\"k\": \" xTy \"}]",
        "{{ [content] }}; [[' xTy ']]",
        "{% set c %}<{{ content[1] }}>{% endset %}{{ c }}; <[x]>",
        "{% macro f(a) %}({{ a }}){% endmacro %}{{ f(content[1]) }}; ([x])",
        "{{ 'a' if content == ' xTy ' else 'b' }}; a",
        "{% for c in content.split('T') %}{{ c.strip() }},{% endfor %}; [x],[y],",
      })
  void everyCharacterKeepsItsMark(String template, String expected) {
    assertEquals(expected, marks(render(template, " xTy ")));
  }

  @Test
  void messagesAreNeverTemplateCode() {
    String attack = "{{ 7*7 }}{% for i in range(9) %}x{% endfor %}{# gone #}";
    assertEquals(attack, render("{{ content }}", attack).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set n = namespace(s='aaaaaaaaaa') %}"
            + "{% for i in range(99) %}{% set n.s = n.s + n.s %}{{ n.s }}{% endfor %}",
        "{{ 'x' * 999999999 }}",
        "{{ range(0, 9999999999) }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ content.getClass() }}",
        "{{ content.nothing() }}",
        "{{ missing.field }}",
        "{{ missing() }}",
        "{{ 1 / 'a' }}",
        "{{ 1 // 0 }}",
        "{{ content < 3 }}",
        "{{ raise_exception('no') }}",
        "{% set content.field = 1 %}",
        "{{ strftime_now('%Q') }}",
        "{{ [1, 2] | map('system') }}",
        "{{ 3 is divisibleby }}",
      })
  void templateThatCannotGoOnIsNamed(String template) {
    DataException e = assertThrows(DataException.class, () -> render(template, "x"));
    assertTrue(e.getMessage().startsWith("t.jinja, line 1: "), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{ a; line 1: this tag is not closed; close it with }}",
        "{% if a %}x; line 1: expected one of",
        "'{# open'; line 1: this comment is not closed",
        "{{ 'open }}; line 1: this string is not closed",
        "{% include 'x' %}; line 1: expected a statement known here, got \"include\"",
        "{% call f() %}{% endcall %}; expected a statement known here, got \"call\"",
        "{{ a | system }}; expected a filter known here, got \"system\"",
        "{{ a is evil }}; expected a test known here, got \"evil\"",
        "{{ * }}; expected a value, got \"*\"",
        "{{ 99999999999999999999 }}; number too large",
        "{{ ! }}; unexpected character",
        "{% endif %}; expected a statement known here",
        "{{ a b }}; expected the end of the tag, got \"b\"",
      })
  void malformedTemplateIsRefusedWithItsLine(String template, String expected) {
    DataException e =
        assertThrows(DataException.class, () -> JinjaTemplate.parse("t.jinja", template));
    assertTrue(e.getMessage().startsWith("t.jinja, line 1: "), e.getMessage());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void linesAreCounted() {
    DataException parsing =
        assertThrows(DataException.class, () -> JinjaTemplate.parse("t", "a\n\n{% nothing %}"));
    assertTrue(parsing.getMessage().startsWith("t, line 3: "), parsing.getMessage());
    DataException running =
        assertThrows(DataException.class, () -> render("a\n{{ 1 }}\n\n{{ x.y }}", ""));
    assertTrue(running.getMessage().startsWith("t.jinja, line 4: "), running.getMessage());
  }

  @Test
  void nestingIsBounded() {
    assertThrows(
        DataException.class,
        () -> JinjaTemplate.parse("t", "{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}"));
    assertThrows(
        DataException.class, () -> JinjaTemplate.parse("t", "{{ " + "not ".repeat(5000) + "1 }}"));
    assertThrows(
        DataException.class,
        () -> JinjaTemplate.parse("t", "{% if a %}".repeat(5000) + "{% endif %}".repeat(5000)));
  }

  @Test
  void todayIsFormattedAsPythonDoes() {
    String text = render("{{ strftime_now('%d %b %Y') }}", "").text();
    assertTrue(text.matches("\\d\\d [A-Z][a-z]{2} \\d{4}"), text);
    assertFalse(render("{{ strftime_now('%-d%%') }}", "").text().startsWith("0"));
  }
}
