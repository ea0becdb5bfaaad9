package org.etalon.data.grade.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleReaderTest {
  private static final Rule ONCE = new Amount(new Quantity.Keyword("it's"), Relation.EXACTLY, 1);
  private static final Rule NO_COMMA = new FormatRule.Without(",");
  private static final List<NamedRule> BOTH =
      ImmutableList.of(
          new NamedRule("keywords:word_once", ONCE),
          new NamedRule("punctuation:no_comma", NO_COMMA));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"rule\": \"keywords:word_once\", \"keyword\": \"it's\"}, {\"rule\": \"punctuation:no_comma\"}]",
        "{\"instruction_id_list\": [\"keywords:word_once\", \"punctuation:no_comma\"], \"kwargs\": [{\"keyword\": \" it's \", \"N\": null}, {}]}",
        "[{\"instruction_id\": [\"keywords:word_once\", \"punctuation:no_comma\"], \"kwargs\": [{\"keyword\": \"it's\"}, null]}]",
        "[{'instruction_id': ['keywords:word_once', 'punctuation:no_comma'], 'kwargs': [{'keyword': \"it's\"}, None]}]",
        "[{'instruction_id': ['keywords:word_once', 'punctuation:no_comma'], 'kwargs': [{'keyword': ['it\\'\\x73']}, None]}]",
        "['{\"instruction_id\": [\"keywords:word_once\", \"punctuation:no_comma\"], \"kwargs\": [{\"keyword\": \"it\\'s\"}, null]}']",
      })
  void everyLayoutGivesTheSameRules(String gold) {
    assertEquals(BOTH, RuleReader.read(gold));
  }

  @Test
  void functionsOfTuluAreRules() {
    assertEquals(
        ImmutableList.of(new NamedRule("validate_no_commas", NO_COMMA)),
        RuleReader.read(
            "{\"func_name\": \"validate_no_commas\", \"N\": null, \"quantifier\": null}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{'rule': 'keywords:existense', 'keywords': ['a']}] | rule 1 'keywords:existense': unknown rule 'keywords:existense'; did you mean 'keywords:existence'?",
        "[{'rule': 'punctuation:no_comma'}, {'rule': 'keywords:existence', 'keyword': ['a']}] | rule 2 'keywords:existence': expected argument 'keywords', a list of texts, got none; rename 'keyword'",
        "[{'rule': 'keywords:existence', 'keywords': []}] | argument 'keywords': expected a list of texts that is not empty, got []",
        "[{'rule': 'keywords:existence', 'keywords': ['a', 5]}] | expected a text that is not blank, got 5",
        "[{'rule': 'punctuation:no_comma', 'commas': 1}] | unknown argument 'commas'",
        "[{'rule': 'count:words', 'relation': 'at leest', 'number': 5}] | expected one of [at least, at most, less than, more than, exactly, around], got 'at leest'; did you mean 'at least'?",
        "[{'rule': 'count:words', 'relation': 'at least', 'number': '5'}] | expected a whole number from 0 to 1000000, got '5'",
        "[{'rule': 'count:words', 'relation': 'at least', 'number': -1}] | got -1",
        "[{'rule': 'count:words', 'relation': 'at least', 'number': 1e99}] | expected a whole number",
        "[{'rule': 'language:response_language', 'language': 'Frensh'}] | did you mean 'french'?",
        "[{'rule': 'json:keys', 'keys': {'a': 'strng'}}] | did you mean 'string'?",
        "[{'rule': 'new:copy_span_idx', 'prompt_to_repeat': 'abc', 'n_start': 3, 'n_end': 9}] | expected a span of a text of 3 characters",
        "[{'rule': 'copy:repeat_phrase', 'phrase': 'a b', 'small_n': 1}] | rule 1 'copy:repeat_phrase': argument 'phrase': expected three words at least",
        "{'func_name': 'verify_keyword'} | did you mean 'verify_keywords'?",
        "{'instruction_id_list': ['punctuation:no_comma'], 'kwargs': []} | expected as many kwargs as instruction ids, and one at least, got 1 and 0",
        "{'instruction_id_list': [], 'kwargs': []} | one at least",
        "{'instruction_id_list': ['punctuation:no_comma'], 'kwargs': [{}], 'x': 1} | unknown field 'x'",
        "[{'rules': 1}, {'rule': 'punctuation:no_comma'}] | expected rule 1 to be an object with 'rule'",
        "[] | expected a list of rules, or an object",
        "42 | expected a list of rules, or an object",
        "keep it short | expected JSON, got 'keep it short'",
        "[{'rule': 'punctuation:no_comma', 'rule': 'startend:quotation'}] | expected JSON",
      })
  void wrongRulesAreNamed(String gold, String message) {
    String json = gold.replace('\'', '"');
    var error = assertThrows(DataException.class, () -> RuleReader.read(json));
    assertTrue(error.getMessage().contains(message.replace('\'', '"')), error.getMessage());
  }

  @Test
  void deepAndLongGoldAnswersAreRefused() {
    for (String gold : List.of("[".repeat(100_000), "['".repeat(100_000), "{'a':".repeat(5000))) {
      assertThrows(DataException.class, () -> RuleReader.read(gold));
    }
    String word = "a\\'".repeat(200_000);
    assertEquals(
        ImmutableList.of(
            new NamedRule("startend:end_checker", new CopyRule.EndsWith("a'".repeat(200_000)))),
        RuleReader.read("[{'rule': 'startend:end_checker', 'end_phrase': '" + word + "'}]"));
  }
}
