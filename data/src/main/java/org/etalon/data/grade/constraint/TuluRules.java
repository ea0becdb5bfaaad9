package org.etalon.data.grade.constraint;

import com.google.common.collect.ImmutableMap;
import java.util.function.Function;

/**
 * The functions that Tulu 3's set RLVR-IFeval names in {@code func_name}, with their arguments.
 *
 * <p>Our choice: each is the rule that its prompt states. Tulu's own functions take a forbidden
 * word within a longer one for the word, a divider at the end for an empty paragraph, and do not
 * ask whether a text in capitals is English.
 */
final class TuluRules {
  static final ImmutableMap<String, Function<Arguments, Rule>> READERS =
      ImmutableMap.<String, Function<Arguments, Rule>>builder()
          .put("verify_keywords", args -> new KeywordRule.AllOf(args.texts("keyword_list")))
          .put(
              "verify_keyword_frequency",
              args -> exactly(args, new Quantity.Word(args.text("word"))))
          .put("validate_forbidden_words", a -> new KeywordRule.NoneOf(a.texts("forbidden_words")))
          .put(
              "verify_letter_frequency",
              args -> exactly(args, new Quantity.Letter(args.text("letter"), false)))
          .put("validate_response_language", a -> new CaseRule.InLanguage(a.language("language")))
          .put("verify_paragraph_count", a -> new FormatRule.Parts("* * *", a.number("N", 0)))
          .put("validate_word_constraint", args -> compared(args, Quantity.Plain.WORDS))
          .put("verify_sentence_constraint", args -> compared(args, Quantity.Plain.SENTENCES))
          .put(
              "validate_paragraphs",
              args ->
                  new PlaceRule.ParagraphBegins(
                      args.number("N", 1), args.number("i", 1), args.text("first_word")))
          .put("verify_postscript", a -> new FormatRule.Postscript(a.text("postscript_marker")))
          .put("validate_placeholders", args -> atLeast(args, Quantity.Plain.PLACEHOLDERS))
          .put("verify_bullet_points", args -> exactly(args, Quantity.Plain.BULLETS))
          .put("validate_title", args -> new FormatRule.Title())
          .put("validate_choice", args -> new FormatRule.HasOption(args.texts("options")))
          .put("validate_highlighted_sections", args -> atLeast(args, Quantity.Plain.HIGHLIGHTS))
          .put(
              "validate_sections",
              args -> exactly(args, new Quantity.Sections(args.text("section_splitter"))))
          .put("validate_json_format", args -> new JsonRule.Valid())
          .put("validate_repeat_prompt", a -> new CopyRule.BeginsWith(a.text("original_prompt")))
          .put("validate_two_responses", args -> new FormatRule.TwoResponses())
          .put("validate_uppercase", args -> new CaseRule.AllCapitals())
          .put("validate_lowercase", args -> new CaseRule.AllLowercase())
          .put(
              "validate_frequency_capital_words",
              args -> compared(args, Quantity.Plain.CAPITAL_WORDS))
          .put("validate_end", args -> new CopyRule.EndsWith(args.text("end_phrase")))
          .put("validate_quotation", args -> new FormatRule.Quoted())
          .put("validate_no_commas", args -> new FormatRule.Without(","))
          .buildOrThrow();

  private TuluRules() {}

  private static Rule exactly(Arguments args, Quantity quantity) {
    return new Amount(quantity, Relation.EXACTLY, args.number("N", 0));
  }

  private static Rule atLeast(Arguments args, Quantity quantity) {
    return new Amount(quantity, Relation.AT_LEAST, args.number("N", 0));
  }

  private static Rule compared(Arguments args, Quantity quantity) {
    return new Amount(quantity, args.relation("quantifier"), args.number("N", 0));
  }
}
