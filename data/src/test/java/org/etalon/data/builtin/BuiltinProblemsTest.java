package org.etalon.data.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltinProblemsTest {
  private static final BuiltinSpec SPEC =
      new BuiltinSpec(BuiltinSet.MATHEMATICS, 7, 4800, 1200, 240, 480, 3, 2);
  private static final BuiltinSplits SPLITS = BuiltinProblems.generate(SPEC);
  private static final List<List<Problem>> LISTS =
      List.of(SPLITS.sft(), SPLITS.rl(), SPLITS.probe(), SPLITS.test());

  private static String family(Problem problem) {
    return problem.id().substring(0, problem.id().lastIndexOf('/', problem.id().length() - 8));
  }

  private static Set<String> prompts(Collection<Problem> problems) {
    return problems.stream().map(Problem::prompt).collect(Collectors.toSet());
  }

  /** The words and numbers of a text, as decontamination sees them. */
  private static List<String> words(String text) {
    return Pattern.compile("\\p{L}+|\\d+")
        .matcher(text.toLowerCase(java.util.Locale.ROOT))
        .results()
        .map(MatchResult::group)
        .toList();
  }

  private static Set<List<String>> allWords(Collection<Problem> problems) {
    return problems.stream().map(problem -> words(problem.prompt())).collect(Collectors.toSet());
  }

  @Test
  void sameSeedGivesTheSameProblems() {
    assertEquals(SPLITS, BuiltinProblems.generate(SPEC));
  }

  @Test
  void otherSeedGivesOtherProblems() {
    assertNotEquals(
        SPLITS.sft(),
        BuiltinProblems.generate(new BuiltinSpec(BuiltinSet.MATHEMATICS, 8, 4800, 0, 0, 0, 3, 2))
            .sft());
  }

  @Test
  void problemDoesNotDependOnWhatElseIsDrawn() {
    Set<Problem> alone =
        new HashSet<>(
            BuiltinProblems.generate(new BuiltinSpec(BuiltinSet.MATHEMATICS, 7, 0, 0, 0, 480, 3, 1))
                .test());
    assertEquals(alone, new HashSet<>(SPLITS.test()));
  }

  @Test
  void countsAreAsAskedAndBalanced() {
    List<Integer> asked = List.of(SPEC.sft(), SPEC.rl(), SPEC.probe(), SPEC.test());
    for (int i = 0; i < LISTS.size(); i++) {
      assertEquals(asked.get(i), LISTS.get(i).size());
      Multiset<String> families = HashMultiset.create();
      LISTS.get(i).forEach(problem -> families.add(family(problem)));
      assertEquals(24, families.elementSet().size());
      for (String family : families.elementSet()) {
        assertEquals(asked.get(i) / 24, families.count(family), family);
      }
    }
  }

  @Test
  void everySubdomainHasSixFamilies() {
    TreeMap<String, Long> families =
        Families.of(BuiltinSet.MATHEMATICS).stream()
            .collect(Collectors.groupingBy(Family::subdomain, TreeMap::new, Collectors.counting()));
    assertEquals("{algebra=6, calculus=6, geometry=6, statistics=6}", families.toString());
  }

  @Test
  void storiesHaveTwoFamiliesInEachOfFourSubdomains() {
    TreeMap<String, Long> families =
        Families.of(BuiltinSet.STORIES).stream()
            .collect(Collectors.groupingBy(Family::subdomain, TreeMap::new, Collectors.counting()));
    assertEquals("{differences=2, products=2, sums=2, two-operations=2}", families.toString());
  }

  @Test
  void noStoryIsInTwoSplits() {
    BuiltinSplits stories =
        BuiltinProblems.generate(new BuiltinSpec(BuiltinSet.STORIES, 3, 960, 320, 96, 160, 1, 3));
    Set<String> training = prompts(stories.sft());
    training.addAll(prompts(stories.rl()));
    assertEquals(1280, training.size());
    Set<String> evaluation = prompts(stories.probe());
    evaluation.addAll(prompts(stories.test()));
    assertEquals(256, evaluation.size());
    assertEquals(Set.of(), Sets.intersection(training, evaluation));
  }

  @Test
  void levelsUpToTheGreatestAppear() {
    assertEquals(Set.of("1", "2", "3"), levels(SPLITS.sft()));
    assertEquals(
        Set.of("1"),
        levels(
            BuiltinProblems.generate(new BuiltinSpec(BuiltinSet.MATHEMATICS, 7, 240, 0, 0, 0, 1, 1))
                .sft()));
  }

  private static Set<String> levels(List<Problem> problems) {
    return problems.stream().map(p -> p.id().split("/", -1)[2]).collect(Collectors.toSet());
  }

  @Test
  void prefixIsBalancedToo() {
    Set<String> first = new HashSet<>();
    SPLITS.test().subList(0, 24).forEach(problem -> first.add(family(problem)));
    assertEquals(24, first.size());
  }

  @Test
  void idsAndQuestionsAreUnique() {
    List<Problem> all = new ArrayList<>();
    LISTS.forEach(all::addAll);
    assertEquals(all.size(), all.stream().map(Problem::id).distinct().count());
    assertEquals(all.size(), prompts(all).size());
  }

  @Test
  void noQuestionIsInTwoSplitsEvenWithOtherSigns() {
    for (int i = 0; i < LISTS.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertEquals(Set.of(), Sets.intersection(prompts(LISTS.get(i)), prompts(LISTS.get(j))));
        assertEquals(Set.of(), Sets.intersection(allWords(LISTS.get(i)), allWords(LISTS.get(j))));
      }
    }
  }

  @Test
  void sameParametersInOtherOrderOrSignFallIntoTheSameSplit() {
    for (Family family : Families.of(BuiltinSet.MATHEMATICS)) {
      assertEquals(
          BuiltinProblems.splitName(family, 3, -4, 5), BuiltinProblems.splitName(family, 5, 3, 4));
    }
  }

  @Test
  void trainingProblemsOfOneSeedAreNoTestProblemsOfAnother() {
    BuiltinSplits other =
        BuiltinProblems.generate(new BuiltinSpec(BuiltinSet.MATHEMATICS, 99, 0, 0, 480, 960, 3, 1));
    Set<String> training = prompts(SPLITS.sft());
    training.addAll(prompts(SPLITS.rl()));
    Set<String> evaluation = prompts(other.test());
    evaluation.addAll(prompts(other.probe()));
    assertEquals(Set.of(), Sets.intersection(training, evaluation));
    assertFalse(Sets.intersection(prompts(SPLITS.test()), prompts(other.test())).isEmpty());
  }

  @Test
  void onlySftProblemsCarryTracesAndThoseAreDifferent() {
    for (Problem problem : SPLITS.sft()) {
      assertEquals(2, new HashSet<>(problem.traces()).size(), problem.id());
    }
    LISTS
        .subList(1, 4)
        .forEach(list -> list.forEach(p -> assertEquals(List.of(), p.traces(), p.id())));
  }

  @Test
  void allMethodsAndWordingsOfAFamilyAppear() {
    TreeMap<String, Set<String>> methods = new TreeMap<>();
    TreeMap<String, Set<String>> wordings = new TreeMap<>();
    for (Problem problem : SPLITS.sft()) {
      Set<String> names = methods.computeIfAbsent(family(problem), key -> new HashSet<>());
      problem
          .traces()
          .forEach(trace -> names.add(trace.lines().findFirst().orElseThrow().split("\\W", -1)[0]));
      wordings
          .computeIfAbsent(family(problem), key -> new HashSet<>())
          .add(problem.prompt().replaceAll("[^A-Za-z ]", ""));
    }
    // "All" stands for two methods, whose names end in the coin.
    methods.forEach(
        (family, names) ->
            assertEquals(family.equals("algebra/coin-mix") ? 2 : 3, names.size(), family));
    wordings.forEach((family, texts) -> assertTrue(texts.size() >= 2, family));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void mostFrequentAnswerOfAFamilyIsRare(int level) {
    for (Family family : Families.of(BuiltinSet.MATHEMATICS)) {
      Multiset<String> answers = HashMultiset.create();
      Draw draw = new Draw("answers:" + family.path());
      for (int i = 0; i < 1000; i++) {
        answers.add(family.pose(family.draw(draw, level)).answer());
      }
      String top = Multisets.copyHighestCountFirst(answers).iterator().next();
      assertTrue(answers.count(top) < 200, family.path() + ": " + top);
    }
  }

  @Test
  void promptsAreShort() {
    LISTS.stream()
        .flatMap(List::stream)
        .forEach(p -> assertTrue(words(p.prompt()).size() <= 25, p.prompt()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void decontaminationDropsFewTrainingProblems(int maxLevel) {
    int sft = maxLevel == 1 ? 2400 : 7200;
    BuiltinSplits splits =
        BuiltinProblems.generate(
            new BuiltinSpec(BuiltinSet.MATHEMATICS, 3, sft, sft / 4, 240, 480, maxLevel, 1));
    Set<List<String>> evaluation =
        Stream.concat(splits.probe().stream(), splits.test().stream())
            .flatMap(problem -> grams(problem).stream())
            .collect(Collectors.toSet());
    List<Problem> training = new ArrayList<>(splits.sft());
    training.addAll(splits.rl());
    long dropped =
        training.stream()
            .filter(problem -> grams(problem).stream().anyMatch(evaluation::contains))
            .count();
    // A family with three small parameters meets a held-out prompt by chance now and then.
    assertTrue(dropped < 0.05 * training.size(), dropped + " of " + training.size());
  }

  private static List<List<String>> grams(Problem problem) {
    List<String> words = words(problem.prompt());
    List<List<String>> grams = new ArrayList<>();
    for (int start = 0; start + 10 <= words.size(); start++) {
      grams.add(words.subList(start, start + 10));
    }
    return grams.isEmpty() ? List.of(words) : grams;
  }

  @Test
  void askingForMoreThanThereIsNamesTheFamilyAndTheRemedy() {
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                BuiltinProblems.generate(
                    new BuiltinSpec(BuiltinSet.MATHEMATICS, 7, 240_000, 0, 0, 0, 1, 1)));
    assertTrue(
        e.getMessage()
            .matches(
                "built-in family algebra/linear-equation has \\d+ different sft problems"
                    + " up to level 1, 10000 were asked for; ask for fewer or raise maxLevel"),
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"-1, 1, 1, sft", "1, 4, 1, maxLevel", "1, 1, 0, tracesPerProblem"})
  void badSpecificationNamesTheField(int sft, int maxLevel, int traces, String field) {
    DataException e =
        assertThrows(
            DataException.class,
            () -> new BuiltinSpec(BuiltinSet.MATHEMATICS, 1, sft, 1, 1, 1, maxLevel, traces));
    assertTrue(e.getMessage().contains(field), e.getMessage());
  }
}
