package org.etalon.data.grade.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

/** A text built to keep a rule keeps it; one edit that must break it breaks it. */
class RulePropertiesTest {
  @Provide
  Arbitrary<String> word() {
    return Arbitraries.strings().withCharRange('b', 'y').ofMinLength(5).ofMaxLength(9);
  }

  @Provide
  Arbitrary<List<String>> words() {
    return word().list().uniqueElements().ofMinSize(3).ofMaxSize(12);
  }

  @Property(tries = 200, seed = "1")
  void wordsAndSentencesAreCountedAsWritten(
      @ForAll("words") List<String> words, @ForAll @IntRange(min = 1, max = 9) int sentences) {
    String sentence = "Z" + String.join(" ", words) + ". ";
    String text = sentence.repeat(sentences);
    exactly(Quantity.Plain.SENTENCES, text, sentences);
    exactly(Quantity.Plain.WORDS, text, sentences * words.size());
    exactly(Quantity.Plain.LETTERS, text, text.replaceAll("[^A-Za-z]", "").length());
    exactly(Quantity.Plain.LOWERCASE_WORDS, text, sentences * (words.size() - 1));
    exactly(Quantity.Plain.CHARACTERS, text, text.length());
  }

  @Property(tries = 200, seed = "1")
  void markupIsCountedAsWritten(
      @ForAll("words") List<String> words, @ForAll @IntRange(min = 0, max = 9) int number) {
    String text = String.join(" ", words) + "\n";
    exactly(Quantity.Plain.BULLETS, text + ("* " + text + "\n").repeat(number), number);
    exactly(Quantity.Plain.BULLETS, text + ("- " + text).repeat(number), number);
    exactly(Quantity.Plain.PLACEHOLDERS, text + ("[" + words.get(0) + "] ").repeat(number), number);
    exactly(Quantity.Plain.HIGHLIGHTS, text + ("*" + words.get(0) + "* ").repeat(number), number);
    exactly(Quantity.Plain.CAPITAL_WORDS, text + "(ABC) ".repeat(number), number);
    exactly(Quantity.Plain.LINES, text.repeat(number + 1), number + 1);
    exactly(Quantity.Plain.PARAGRAPHS, (text + "\n").repeat(number + 1), number + 1);
    exactly(new Quantity.Sections("Part"), text + "Part 1 ".repeat(number), number);
    exactly(new Quantity.Letter("z", true), text + "zZ".repeat(number), 2 * number);
    exactly(new Quantity.Keyword("AZA"), text + "aaza ".repeat(number), number);
    exactly(new Quantity.Word("az"), text + "AZ, azb ".repeat(number), number);
  }

  private static void exactly(Quantity quantity, String text, int number) {
    assertEquals(number, quantity.in(text), text);
    for (Relation relation : Relation.values()) {
      boolean includes = relation != Relation.LESS_THAN && relation != Relation.MORE_THAN;
      assertEquals(includes, keeps(new Amount(quantity, relation, number), text));
    }
    assertTrue(keeps(new Amount(quantity, Relation.MORE_THAN, number - 1), text));
    assertTrue(keeps(new Amount(quantity, Relation.LESS_THAN, number + 1), text));
    assertFalse(keeps(new Amount(quantity, Relation.AT_LEAST, number + 1), text));
    assertFalse(keeps(new Amount(quantity, Relation.AT_MOST, number - 1), text));
  }

  @Property(tries = 200, seed = "1")
  void keywordsAreFoundInAnyCaseAndMissedWhenGone(@ForAll("words") List<String> words) {
    String text = String.join(", ", words).toUpperCase(Locale.ROOT);
    assertTrue(keeps(new KeywordRule.AllOf(ImmutableList.copyOf(words)), text));
    assertFalse(keeps(new KeywordRule.AllOf(ImmutableList.of("a", words.get(0))), text));
    assertFalse(keeps(new KeywordRule.NoneOf(ImmutableList.of("a", words.get(0))), text));
    assertTrue(keeps(new KeywordRule.NoneOf(ImmutableList.of(words.get(0) + "a")), text));
    assertTrue(keeps(new KeywordRule.Unique(), text));
    assertFalse(keeps(new KeywordRule.Unique(), text + " " + words.get(0)));
    assertTrue(keeps(new KeywordRule.Palindrome(), text + " " + mirrored(words.get(0))));
  }

  private static String mirrored(String word) {
    return word + new StringBuilder(word).reverse();
  }

  @Property(tries = 200, seed = "1")
  void orderIsKeptOrNot(@ForAll("words") List<String> words) {
    List<String> sorted = new ArrayList<>(words);
    Collections.sort(sorted);
    List<String> reversed = new ArrayList<>(sorted);
    Collections.reverse(reversed);
    String list = "* " + String.join("\n* ", sorted);
    assertTrue(keeps(new OrderRule.SortedList(false), list));
    assertFalse(keeps(new OrderRule.SortedList(true), list));
    assertFalse(keeps(new OrderRule.SortedList(false), "* " + String.join("\n* ", reversed)));
    String joined = "=" + String.join("=", words) + "=";
    List<String> marked = words.stream().map(word -> "=" + word).toList();
    assertTrue(keeps(new OrderRule.InOrder(ImmutableList.copyOf(marked)), joined));
    List<String> swapped = new ArrayList<>(marked);
    swapped.set(0, marked.get(1) + "=");
    swapped.set(1, marked.get(0) + "=");
    assertFalse(keeps(new OrderRule.InOrder(ImmutableList.copyOf(swapped)), joined));
  }

  @Property(tries = 200, seed = "1")
  void numberedListHasNoGap(
      @ForAll("words") List<String> words, @ForAll @IntRange(min = 0, max = 2) int gap) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      list.append(i + 1).append(". ").append(words.get(i)).append('\n');
    }
    assertTrue(keeps(new OrderRule.NumberedList(), list.toString()));
    String line = (gap + 1) + ". " + words.get(gap) + "\n";
    boolean last = gap == words.size() - 1;
    assertEquals(last, keeps(new OrderRule.NumberedList(), list.toString().replace(line, "")));
  }

  @Property(tries = 200, seed = "1")
  void layoutIsKeptOrBroken(@ForAll("words") List<String> words) {
    String text = String.join(" ", words);
    String other = text + "a";
    kept(new FormatRule.Title(), "x\n<<" + text + ">>", "x\n<<" + text + ">");
    kept(new FormatRule.Quoted(), "\"" + text + "\"", "\"" + text + "\".");
    kept(new FormatRule.TwoResponses(), text + "******" + other, text + "******" + text);
    kept(new FormatRule.Parts("***", 2), text + "\n***\n" + other, text + "\n**\n" + other);
    kept(new FormatRule.Parts("\n\n", 3), "a\n\nb\n\nc", "a\n\nb\nc");
    kept(new FormatRule.Without(",!"), text, text + "!");
    kept(new FormatRule.BracketedWords(), "[" + String.join("] [", words) + "]", "[a] " + text);
    kept(new FormatRule.WrappedPairs(), "<<a b>> <<c d>>", "<<a b>> " + text);
    kept(new FormatRule.Postscript("P.S."), text + "\nP.S. a", text + "\nPS a");
    kept(new FormatRule.IsOption(ImmutableList.of(text, "no")), text + ".", other);
    kept(new FormatRule.HasOption(ImmutableList.of(text, "NO")), "so: " + text, "so");
    kept(new CaseRule.AllCapitals(), "YES", "YESs");
    kept(new CaseRule.AllLowercase(), "yes", "yesS");
  }

  @Property(tries = 200, seed = "1")
  void placesAndCopiesAreKeptOrBroken(@ForAll("words") List<String> words) {
    String text = String.join(" ", words);
    String first = words.get(0);
    String last = words.get(words.size() - 1);
    kept(new PlaceRule.FirstWord(first, false), text, "a " + text);
    kept(new PlaceRule.LastWord(last, false), text + "!", text + " a");
    kept(new PlaceRule.FirstWord(first, true), text + ". " + text + ".", text + ". Yes.");
    kept(new PlaceRule.LastWord(last, true), text + "! " + text + ".", text + "! Yes.");
    kept(new PlaceRule.WordAt(words.get(2), 2, 3), "Yes. " + text + ".", text + ". Yes.");
    kept(new PlaceRule.SameEnds(), text + " " + first, text + " " + first + ".");
    kept(new PlaceRule.ParagraphBegins(2, 2, first), "a\n\n'" + text, "a\n\nb" + text);
    kept(new CopyRule.BeginsWith(text), " " + text.toUpperCase(Locale.ROOT) + "a", "a" + text);
    kept(new CopyRule.EndsWith(text), "a " + text + "\"", text + " a");
    kept(new CopyRule.Is(text, 1), " " + text + "\n", text + "a");
    kept(new CopyRule.Is(text, 2), text + "******" + text, text + "******" + text + "a");
  }

  @Property(tries = 200, seed = "1")
  void objectsHaveTheirKeys(@ForAll("words") List<String> words, @ForAll int number) {
    String json = "{\"" + words.get(0) + "\": " + number + ", \"" + words.get(1) + "\": [\"x\"]}";
    var types =
        ImmutableMap.of(words.get(0), JsonRule.Type.INTEGER, words.get(1), JsonRule.Type.ARRAY);
    kept(new JsonRule.Keys(types), json, json.replace("[\"x\"]", "\"x\""));
    kept(new JsonRule.Keys(types), "```json\n" + json + "\n```", json.replace(words.get(0), "a"));
    kept(new JsonRule.Valid(), json, json.substring(1));
  }

  @Property(tries = 100, seed = "1")
  void noTextMakesARuleThrow(@ForAll @StringLength(max = 60) String text) {
    for (RulesTest.Case one : RulesTest.cases()) {
      ConstraintGrader.results(RuleReader.read(one.gold()), text);
    }
  }

  private static void kept(Rule rule, String kept, String broken) {
    assertTrue(keeps(rule, kept), rule + " is kept by " + kept);
    assertFalse(keeps(rule, broken), rule + " is broken by " + broken);
  }

  private static boolean keeps(Rule rule, String text) {
    return rule.complaint(text).isEmpty();
  }
}
