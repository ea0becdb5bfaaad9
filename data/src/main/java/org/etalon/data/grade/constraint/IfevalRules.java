package org.etalon.data.grade.constraint;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.function.Function;

/** The 25 instructions of IFEval (arXiv 2311.07911), by id. */
final class IfevalRules {
  private static final ImmutableList<String> OPTIONS =
      ImmutableList.of("My answer is yes.", "My answer is no.", "My answer is maybe.");

  static final ImmutableMap<String, Function<Arguments, Rule>> READERS =
      ImmutableMap.<String, Function<Arguments, Rule>>builder()
          .put("keywords:existence", args -> new KeywordRule.AllOf(args.texts("keywords")))
          .put("keywords:frequency", IfevalRules::keywordFrequency)
          .put("keywords:forbidden_words", a -> new KeywordRule.NoneOf(a.texts("forbidden_words")))
          .put("keywords:letter_frequency", IfevalRules::letterFrequency)
          .put("language:response_language", a -> new CaseRule.InLanguage(a.language("language")))
          .put(
              "length_constraints:number_sentences",
              args -> compared(args, Quantity.Plain.SENTENCES, "num_sentences", "relation"))
          .put(
              "length_constraints:number_paragraphs",
              args -> new FormatRule.Parts("***", args.number("num_paragraphs", 0)))
          .put(
              "length_constraints:number_words",
              args -> compared(args, Quantity.Plain.WORDS, "num_words", "relation"))
          .put("length_constraints:nth_paragraph_first_word", IfevalRules::paragraphBegins)
          .put(
              "detectable_content:number_placeholders",
              args -> atLeast(Quantity.Plain.PLACEHOLDERS, args.number("num_placeholders", 0)))
          .put(
              "detectable_content:postscript",
              args -> new FormatRule.Postscript(args.text("postscript_marker")))
          .put("detectable_format:number_bullet_lists", IfevalRules::bullets)
          .put("detectable_format:constrained_response", a -> new FormatRule.HasOption(OPTIONS))
          .put(
              "detectable_format:number_highlighted_sections",
              args -> atLeast(Quantity.Plain.HIGHLIGHTS, args.number("num_highlights", 0)))
          .put("detectable_format:multiple_sections", IfevalRules::sections)
          .put("detectable_format:json_format", args -> new JsonRule.Valid())
          .put("detectable_format:title", args -> new FormatRule.Title())
          .put("combination:two_responses", args -> new FormatRule.TwoResponses())
          .put(
              "combination:repeat_prompt",
              args -> new CopyRule.BeginsWith(args.text("prompt_to_repeat")))
          .put("startend:end_checker", args -> new CopyRule.EndsWith(args.text("end_phrase")))
          .put("startend:quotation", args -> new FormatRule.Quoted())
          .put(
              "change_case:capital_word_frequency",
              args ->
                  compared(
                      args, Quantity.Plain.CAPITAL_WORDS, "capital_frequency", "capital_relation"))
          .put("change_case:english_capital", args -> new CaseRule.AllCapitals())
          .put("change_case:english_lowercase", args -> new CaseRule.AllLowercase())
          .put("punctuation:no_comma", args -> new FormatRule.Without(","))
          .buildOrThrow();

  private IfevalRules() {}

  static Rule keywordFrequency(Arguments args) {
    var keyword = new Quantity.Keyword(args.text("keyword"));
    return compared(args, keyword, "frequency", "relation");
  }

  static Rule letterFrequency(Arguments args) {
    var letter = new Quantity.Letter(args.text("letter"), true);
    return compared(args, letter, "let_frequency", "let_relation");
  }

  static Rule compared(Arguments args, Quantity quantity, String number, String relation) {
    return new Amount(quantity, args.relation(relation), args.number(number, 0));
  }

  private static Rule atLeast(Quantity quantity, int wanted) {
    return new Amount(quantity, Relation.AT_LEAST, wanted);
  }

  private static Rule bullets(Arguments args) {
    return new Amount(Quantity.Plain.BULLETS, Relation.EXACTLY, args.number("num_bullets", 0));
  }

  private static Rule sections(Arguments args) {
    return atLeast(
        new Quantity.Sections(args.text("section_spliter")), args.number("num_sections", 0));
  }

  private static Rule paragraphBegins(Arguments args) {
    return new PlaceRule.ParagraphBegins(
        args.number("num_paragraphs", 1), args.number("nth_paragraph", 1), args.text("first_word"));
  }
}
