package org.etalon.data.grade.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule on a text that keeps it and one, a small edit away, that breaks it. */
class RulesTest {
  private static final ConstraintGrader GRADER = new ConstraintGrader();

  /** Name, arguments, a text that keeps the rule, one that breaks it; {@code ⏎} is a line break. */
  private static final String CASES =
      """
      keywords:existence | 'keywords': ['art', 'Naïve'] | NAÏVE start | naive art
      keywords:frequency | 'keyword': 'is', 'frequency': 2, 'relation': 'at least' | This is so | That is so
      keywords:frequency | 'keyword': 'is', 'frequency': 2, 'relation': 'less than' | That is so | This is so
      keywords:forbidden_words | 'forbidden_words': ['art', 'no'] | start nowhere | no start
      keywords:letter_frequency | 'letter': 'e', 'let_frequency': 3, 'let_relation': 'at least' | Eee | ee
      keywords:letter_frequency | 'letter': '!', 'let_frequency': 1, 'let_relation': 'less than' | so. | so!
      language:response_language | 'language': 'fr' | Il fait très beau aujourd'hui et nous sommes contents. | It is a lovely day and we are content.
      language:response_language | 'language': 'German' | Das Wetter ist heute sehr schön und wir sind froh. | 12345
      length_constraints:number_sentences | 'num_sentences': 3, 'relation': 'at least' | One. Two? Three! | One. Two, three!
      length_constraints:number_paragraphs | 'num_paragraphs': 2 | ***⏎one⏎***⏎two⏎*** | one⏎******⏎two
      length_constraints:number_words | 'num_words': 4, 'relation': 'less than' | one two, three! | one two, three-four!
      length_constraints:nth_paragraph_first_word | 'num_paragraphs': 2, 'nth_paragraph': 2, 'first_word': 'Two' | one⏎⏎"two", he said | one⏎⏎to, he said
      length_constraints:nth_paragraph_first_word | 'num_paragraphs': 2, 'nth_paragraph': 1, 'first_word': 'one' | one⏎⏎two | one⏎⏎two⏎⏎three
      detectable_content:number_placeholders | 'num_placeholders': 2 | [a] and [b c] | [a] and [b⏎c]
      detectable_content:postscript | 'postscript_marker': 'P.S.' | bye⏎p. s. x | bye⏎ps x
      detectable_content:postscript | 'postscript_marker': 'P.P.S' | bye⏎P.P.S. x | bye⏎P.S. x
      detectable_content:postscript | 'postscript_marker': 'NB:' | bye⏎nb: x | bye⏎nb x
      detectable_format:number_bullet_lists | 'num_bullets': 3 | * a⏎⏎- b⏎  * c | * a⏎- b⏎** c
      detectable_format:constrained_response | | Well, My answer is no. Truly | my answer is no.
      detectable_format:number_highlighted_sections | 'num_highlights': 2 | *a* and *b* | *a* and * *
      detectable_format:number_highlighted_sections | 'num_highlights': 1 | **a** | **a
      detectable_format:multiple_sections | 'section_spliter': 'Section', 'num_sections': 2 | Section 1⏎a⏎Section2⏎b | Section 1⏎a⏎Section two
      detectable_format:json_format | | ```json⏎{"a": [1, null]}⏎``` | {"a": [1, null],}
      detectable_format:json_format | | 5 | NaN
      detectable_format:title | | a⏎<<b>> | a⏎<< >>⏎<<c⏎>>
      combination:two_responses | | a⏎******⏎b | a⏎******⏎a
      combination:repeat_prompt | 'prompt_to_repeat': ' Say it. ' |  SAY IT. It. | So: say it.
      startend:end_checker | 'end_phrase': 'The end.' | "So. the END." | The end. Or not
      startend:quotation | |  "a" | "a
      change_case:capital_word_frequency | 'capital_frequency': 3, 'capital_relation': 'at least' | NASA, the U.S. and I'm | NASA, the U.S. and Im
      change_case:english_capital | | WE ARE GLAD THAT YOU CAME HERE TODAY. | WE ARE GLAD THAT YOU CAME HERE TODAy.
      change_case:english_capital | | YES! | HOY HACE MUY BUEN TIEMPO Y NOS GUSTARÍA CAMINAR JUNTO AL RÍO.
      change_case:english_lowercase | | we are glad that you came here today. | we are glad that You came here today.
      punctuation:no_comma | | a; b | a, b
      copy:repeat_phrase | 'phrase': 'The pen is mightier than sword', 'small_n': 2 | The pen was mightier than sword. The cup is mightier than sword | The pen was mightier than sword. The pen is mightier than sword
      copy:copy | 'prompt_to_repeat': 'Say it.' |  say it. | say it. ok
      copy:copying_simple | 'prompt_to_repeat': 'Say it.' | Say it. | Say it
      copy:copying_multiple | 'prompt_to_repeat': 'Say it.', 'N': 2 | Say it.⏎******⏎say it. | Say it.
      new:copy_span_idx | 'prompt_to_repeat': 'a😀bcd', 'n_start': 1, 'n_end': 3 | 😀b | 😀bc
      detectable_format:sentence_hyphens | | One is here.-Two is there. | One is here. - Two is there.
      detectable_format:square_brackets | | [a] [b.] | [a] b
      detectable_format:bigram_wrapping | | <<a b>> <<c d>> e | <<a b>> c d
      keywords:no_adjacent_consecutive | | A cat zips. | A bat zips.
      keywords:word_once | 'keyword': 'so' | So it is | So also it is
      keywords:word_count_different_numbers | 'keyword': 'so', 'frequency': 1, 'relation': 'at least' | also | as
      keywords:exclude_word_harder | 'keyword': 'so', 'instruction': 'x' | also | is so.
      keywords:palindrome | | A level thing | A flat thing
      keywords:keyword_specific_position | 'keyword': 'cat', 'n': 2, 'm': 3 | One. Two, the cat. | One. The cat.
      keywords:start_end | | So it is so | So it is so.
      paragraphs:paragraphs | | a *** b | a *** b *** c
      paragraphs:paragraphs2 | | a⏎⏎b⏎⏎ | a⏎b
      first_word:first_word_sent | 'first_word': 'we' | We go. We stay. | We go. They stay.
      first_word:first_word_answer | 'first_word': ['we'] | We, of course | Of course we
      last_word:last_word_sent | 'last_word': 'go' | We go. They Go! | We go. They went!
      last_word:last_word_answer | 'last_word': 'go' | We go. They Go! | We go on.
      punctuation:punctuation_dot | | yes! | yes.
      punctuation:punctuation_exclamation | | yes. | yes!
      count:lowercase_counting | 'N': 2 | Two small words | Three much smaller words
      letters:letter_counting | 'N': 3, 'relation': 'less than' | a1é b | abc
      letters:letter_counting2 | 'letter': 'a', 'let_frequency': 2, 'let_relation': 'at least' | aA | a
      count:counting_composition | 'n_sent': 2, 'n_words': 2 | We go. You stay.⏎***⏎Who came? Not me!⏎***⏎Why, now? So what. | We go. You stay.⏎***⏎Who came? Not me!⏎***⏎Why, now? So what then.
      count:count_unique | | No, one, thing, twice. | No one knows no thing.
      count:count_increment_word | 'keyword1': 'sun', 'keyword2': 'moon' | moon, sun, moon | moon, sun
      verify_keywords | 'keyword_list': ['a', 'b'] | cab | cat
      verify_keyword_frequency | 'word': 'so', 'N': 2 | So, also so | So, also
      validate_forbidden_words | 'forbidden_words': ['so'] | also | is so
      verify_letter_frequency | 'letter': 'a', 'N': 1 | aA | aa
      validate_response_language | 'language': 'en' | It is a lovely day and we are content. | Il fait très beau aujourd'hui.
      verify_paragraph_count | 'N': 2 | a⏎* * *⏎b | a⏎***⏎b
      validate_word_constraint | 'N': 20, 'quantifier': 'around' | 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 | 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17
      verify_sentence_constraint | 'N': 1, 'quantifier': 'at most' | One. | One. Two.
      validate_paragraphs | 'N': 2, 'first_word': 'So', 'i': 1 | So.⏎⏎b | b⏎⏎So.
      verify_postscript | 'postscript_marker': 'P.S.' | P.S. x | PS x
      validate_placeholders | 'N': 1 | [a] | (a)
      verify_bullet_points | 'N': 1 | - a | - a⏎- b
      validate_title | | <<a>> | <a>
      validate_choice | 'options': ['yes', 'no'] | no! | NO!
      validate_highlighted_sections | 'N': 1 | *a* | a*
      validate_sections | 'N': 1, 'section_splitter': 'Part' | Part 1 x | Part 1 x Part 2 y
      validate_json_format | | {} | {
      validate_repeat_prompt | 'original_prompt': 'Go' | Go. | No. Go
      validate_two_responses | | a******b | a*****b
      validate_uppercase | | YES | Yes
      validate_lowercase | | yes | yEs
      validate_frequency_capital_words | 'N': 1, 'quantifier': 'at most' | EU x | EU AND
      validate_end | 'end_phrase': 'bye' | So, bye | bye now
      validate_quotation | | "a" | a
      validate_no_commas | | a | a,
      count:words | 'relation': 'exactly', 'number': 2 | a b | a b c
      count:sentences | 'relation': 'more than', 'number': 1 | He is. She was. | He is; she was.
      count:lines | 'relation': 'at most', 'number': 2 | a⏎⏎b | a⏎b⏎c
      count:paragraphs | 'relation': 'exactly', 'number': 2 | a⏎b⏎⏎⏎⏎c | a⏎b
      count:characters | 'relation': 'at most', 'number': 3 | a😀b | a😀bc
      count:bullets | 'relation': 'at least', 'number': 2 | - a⏎- b | - a
      count:numbered_items | 'relation': 'exactly', 'number': 2 | 1. a⏎2) b | 1. a⏎2.5 b
      count:placeholders | 'relation': 'exactly', 'number': 1 | [a] | [a] [b]
      count:highlights | 'relation': 'exactly', 'number': 1 | *a* | *a* *b*
      count:capital_words | 'relation': 'exactly', 'number': 1 | EU-BASED | EU BASED
      count:word | 'word': 'so', 'relation': 'exactly', 'number': 1 | So, also | Also
      count:sections | 'marker': 'Part', 'relation': 'exactly', 'number': 1 | Part 1 | Part
      order:items | 'items': ['egg', 'flour', 'egg'] | Egg, flour, EGG | egg, flour
      order:sorted_list | | - ant⏎- Bee⏎2. cow | - bee⏎- ant
      order:sorted_list | 'descending': true | - bee⏎- ant | - ant⏎- bee
      order:numbered_list | | 1. a⏎x⏎2. b | 1. a⏎3. b
      json:keys | 'keys': {'a': 'integer', 'b': 'array'} | {"a": 1, "b": [], "c": 2} | {"a": 1.5, "b": []}
      json:keys | 'keys': {'a': 'any'} | {"a": null} | [{"a": 1}]
      format:one_of | 'options': ['Yes', 'No'] | yes. | yes, or no
      startend:start_checker | 'start_phrase': 'Dear' | Dear you | My dear
      punctuation:without | 'characters': '?!' | a. | a!
      """;

  record Case(String name, String arguments, String kept, String broken) {
    String gold() {
      String separator = arguments.isEmpty() ? "" : ", ";
      return "[{\"rule\": \"" + name + "\"" + separator + arguments.replace('\'', '"') + "}]";
    }
  }

  static Set<Case> cases() {
    return CASES
        .lines()
        .map(line -> line.split(" ?\\| ", 4))
        .map(
            parts ->
                new Case(
                    parts[0].strip(),
                    parts[1].strip(),
                    parts[2].replace('⏎', '\n').stripTrailing(),
                    parts[3].replace('⏎', '\n')))
        .collect(ImmutableSet.toImmutableSet());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ruleTellsTheTwoTextsApart(Case one) {
    var kept = GRADER.grade(one.gold(), one.kept());
    assertTrue(kept.correct(), kept.reason());
    var broken = GRADER.grade(one.gold(), one.broken());
    assertFalse(broken.correct());
    assertTrue(broken.reason().startsWith(one.name() + ": "), broken.reason());
  }

  @Test
  void everyRuleHasACase() {
    Set<String> tried = cases().stream().map(Case::name).collect(Collectors.toSet());
    assertEquals(ImmutableSet.copyOf(RuleNames.all()), tried);
    assertEquals(98, tried.size(), Arrays.toString(tried.toArray()));
  }
}
