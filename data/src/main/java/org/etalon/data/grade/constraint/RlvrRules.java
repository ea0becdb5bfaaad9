package org.etalon.data.grade.constraint;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.function.Function;

/** The 29 instructions that the training set IF-RLVR (arXiv 2507.02833) adds to IFEval's, by id. */
final class RlvrRules {
  static final ImmutableMap<String, Function<Arguments, Rule>> READERS =
      ImmutableMap.<String, Function<Arguments, Rule>>builder()
          .put("copy:repeat_phrase", RlvrRules::varied)
          .put("copy:copy", RlvrRules::copy)
          .put("copy:copying_simple", RlvrRules::copy)
          .put(
              "copy:copying_multiple",
              args -> new CopyRule.Is(args.text("prompt_to_repeat"), args.number("N", 1)))
          .put("new:copy_span_idx", RlvrRules::span)
          .put("detectable_format:sentence_hyphens", a -> new FormatRule.HyphenatedSentences())
          .put("detectable_format:square_brackets", args -> new FormatRule.BracketedWords())
          .put("detectable_format:bigram_wrapping", args -> new FormatRule.WrappedPairs())
          .put("keywords:no_adjacent_consecutive", args -> new KeywordRule.NoNeighbours())
          .put(
              "keywords:word_once",
              args -> new Amount(new Quantity.Keyword(args.text("keyword")), Relation.EXACTLY, 1))
          .put("keywords:word_count_different_numbers", IfevalRules::keywordFrequency)
          .put("keywords:exclude_word_harder", RlvrRules::excluded)
          .put("keywords:palindrome", args -> new KeywordRule.Palindrome())
          .put(
              "keywords:keyword_specific_position",
              args ->
                  new PlaceRule.WordAt(
                      args.text("keyword"), args.number("n", 1), args.number("m", 1)))
          .put("keywords:start_end", args -> new PlaceRule.SameEnds())
          .put("paragraphs:paragraphs", args -> new FormatRule.Parts("***", 2))
          .put("paragraphs:paragraphs2", args -> new FormatRule.Parts("\n\n", 2))
          .put(
              "first_word:first_word_sent",
              a -> new PlaceRule.FirstWord(a.text("first_word"), true))
          .put(
              "first_word:first_word_answer",
              args -> new PlaceRule.FirstWord(args.text("first_word"), false))
          .put("last_word:last_word_sent", a -> new PlaceRule.LastWord(a.text("last_word"), true))
          .put(
              "last_word:last_word_answer", a -> new PlaceRule.LastWord(a.text("last_word"), false))
          .put("punctuation:punctuation_dot", args -> new FormatRule.Without("."))
          .put("punctuation:punctuation_exclamation", args -> new FormatRule.Without("!"))
          .put(
              "count:lowercase_counting",
              args ->
                  new Amount(Quantity.Plain.LOWERCASE_WORDS, Relation.AT_MOST, args.number("N", 0)))
          .put(
              "letters:letter_counting",
              args -> IfevalRules.compared(args, Quantity.Plain.LETTERS, "N", "relation"))
          .put("letters:letter_counting2", IfevalRules::letterFrequency)
          .put(
              "count:counting_composition",
              args ->
                  new FormatRule.Composition(args.number("n_sent", 1), args.number("n_words", 1)))
          .put("count:count_unique", args -> new KeywordRule.Unique())
          .put(
              "count:count_increment_word",
              args ->
                  new KeywordRule.Increasing(
                      ImmutableList.of(args.text("keyword1"), args.text("keyword2"))))
          .buildOrThrow();

  private RlvrRules() {}

  private static Rule copy(Arguments args) {
    return new CopyRule.Is(args.text("prompt_to_repeat"), 1);
  }

  private static Rule varied(Arguments args) {
    String phrase = args.text("phrase");
    if (PythonText.tokens(phrase).size() < 3) {
      throw args.refusal(
          "argument \"phrase\": expected three words at least, got \"" + phrase + "\"; correct it");
    }
    return new CopyRule.Varied(phrase, args.number("small_n", 1));
  }

  private static Rule excluded(Arguments args) {
    args.ignore("instruction");
    return new KeywordRule.NoneOf(ImmutableList.of(args.text("keyword")));
  }

  /** The indices count Unicode characters, as Python's do. */
  private static Rule span(Arguments args) {
    String whole = args.text("prompt_to_repeat");
    int from = args.number("n_start", 0);
    int to = args.number("n_end", 0);
    int length = whole.codePointCount(0, whole.length());
    if (from >= to || from >= length) {
      throw args.refusal(
          "arguments \"n_start\" and \"n_end\": expected a span of a text of %d characters, got %d to %d; correct them"
              .formatted(length, from, to));
    }
    int begin = whole.offsetByCodePoints(0, from);
    int end = whole.offsetByCodePoints(0, Math.min(to, length));
    return new CopyRule.Is(whole.substring(begin, end), 1);
  }
}
