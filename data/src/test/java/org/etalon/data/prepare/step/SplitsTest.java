package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SplitsTest {
  private static final ImmutableMap<String, Double> SHARES =
      ImmutableMap.of("train", 0.8, "probe", 0.05, "test", 0.15);

  private static Problem problem(int number) {
    String subdomain = List.of("algebra", "geometry", "calculus").get(number % 3);
    return new Problem(
        "id-" + number, subdomain, "What is " + number + " times 7?", "1", List.of());
  }

  private static List<Problem> problems(int count) {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      problems.add(problem(i));
    }
    return problems;
  }

  private static Map<String, String> assign(SplitCounts counts, List<Problem> problems) {
    problems.forEach(counts::see);
    SplitCounts.Assignment assignment = counts.assign();
    Map<String, String> splits = new TreeMap<>();
    problems.forEach(problem -> splits.put(problem.id(), assignment.of(problem)));
    return splits;
  }

  private static SplitCounts counts(long seed) {
    return new SplitCounts(ImmutableMap.of("probe", 20, "test", 30), "train", seed);
  }

  @Test
  void sharesAreKeptOverManyProblems() {
    var splits = new SplitShares(SHARES, 1);
    Map<String, Integer> found = new HashMap<>();
    for (Problem problem : problems(20_000)) {
      found.merge(splits.of(problem), 1, Integer::sum);
    }
    // Four standard deviations of a binomial count.
    assertEquals(16_000, found.get("train"), 4 * Math.sqrt(20_000 * 0.8 * 0.2));
    assertEquals(1_000, found.get("probe"), 4 * Math.sqrt(20_000 * 0.05 * 0.95));
    assertEquals(3_000, found.get("test"), 4 * Math.sqrt(20_000 * 0.15 * 0.85));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What is $3x+5$?         | what IS 3x + 5",
        "\\dfrac{1}{2} of 10     | \\frac{1}{2} of \\quad 10.",
        "Solve \\left(x\\right)=2 | solve (x) = 2",
        "\uff13 apples           | 3   apples",
      })
  void copiesInOtherDressHaveOneKey(String a, String b) {
    assertEquals(PromptKey.of(a, 7), PromptKey.of(b, 7));
    assertNotEquals(PromptKey.of(a, 7), PromptKey.of(a, 8));
    assertNotEquals(PromptKey.of(a, 7), PromptKey.of(a + " 1", 7));
  }

  @Test
  void theSplitDependsOnThePromptAndTheSeedAlone() {
    var splits = new SplitShares(SHARES, 1);
    var other = new SplitShares(SHARES, 2);
    int moved = 0;
    for (Problem problem : problems(1000)) {
      Problem renamed =
          new Problem(
              "x",
              "y",
              problem.prompt().toUpperCase(java.util.Locale.ROOT) + " !",
              "2",
              List.of("t"));
      assertEquals(splits.of(problem), splits.of(renamed));
      moved += splits.of(problem).equals(other.of(problem)) ? 0 : 1;
    }
    assertTrue(moved > 200, moved + " moved");
  }

  @Test
  void sharesThatAreNoneAreRefused() {
    assertThrows(DataException.class, () -> new SplitShares(Map.of("a", 0.5), 1));
    assertThrows(DataException.class, () -> new SplitShares(Map.of("a", 1.5, "b", -0.5), 1));
    assertThrows(DataException.class, () -> new SplitShares(Map.of(), 1));
    var all = new SplitShares(ImmutableMap.of("none", 0.0, "all", 1.0), 1);
    problems(100).forEach(problem -> assertEquals("all", all.of(problem)));
  }

  @Test
  void countsAreExactInEverySubdomain() {
    List<Problem> problems = problems(3000);
    Map<String, String> splits = assign(counts(1), problems);
    Map<String, Integer> found = new TreeMap<>();
    problems.forEach(
        problem ->
            found.merge(problem.subdomain() + " " + splits.get(problem.id()), 1, Integer::sum));
    assertEquals(
        "{algebra probe=20, algebra test=30, algebra train=950,"
            + " calculus probe=20, calculus test=30, calculus train=950,"
            + " geometry probe=20, geometry test=30, geometry train=950}",
        found.toString());
  }

  @Property(tries = 50, seed = "1")
  void orderAndCopiesDoNotMatter(@ForAll @IntRange(max = 1000) int seed) {
    List<Problem> problems = problems(300);
    Map<String, String> splits = assign(counts(seed), problems);
    Collections.shuffle(problems, new Random(seed));
    List<Problem> copies = new ArrayList<>(problems);
    for (Problem problem : problems.subList(0, 50)) {
      copies.add(
          new Problem(
              problem.id() + " copy",
              problem.subdomain(),
              problem.prompt() + "  ?",
              "1",
              List.of()));
    }
    Map<String, String> again = assign(counts(seed), copies);
    problems.forEach(problem -> assertEquals(splits.get(problem.id()), again.get(problem.id())));
    copies.subList(300, 350).stream()
        .map(Problem::id)
        .forEach(id -> assertEquals(again.get(id.replace(" copy", "")), again.get(id)));
  }

  @Test
  void newProblemsDisplaceFew() {
    Map<String, String> before = assign(counts(3), problems(3000));
    Map<String, String> after = assign(counts(3), problems(3300));
    long moved =
        before.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(after.get(entry.getKey())))
            .count();
    assertTrue(moved < 60, moved + " of 150 moved");
  }

  @Test
  void aCopyUnderAnotherSubdomainFollows() {
    List<Problem> problems = problems(300);
    for (Problem problem : problems(300)) {
      problems.add(new Problem(problem.id() + "'", "other", problem.prompt(), "1", List.of()));
    }
    Map<String, String> splits = assign(counts(4), problems);
    problems(300)
        .forEach(problem -> assertEquals(splits.get(problem.id()), splits.get(problem.id() + "'")));
  }

  @Test
  void tooFewProblemsNameTheirSubdomain() {
    String message =
        assertThrows(DataException.class, () -> assign(counts(1), problems(120))).getMessage();
    assertTrue(message.startsWith("subdomain algebra must have at least 50 different"), message);
    assertTrue(message.contains("got 40"), message);
    assertThrows(DataException.class, () -> new SplitCounts(Map.of("train", 1), "train", 1));
    assertThrows(DataException.class, () -> new SplitCounts(Map.of("test", 0), "train", 1));
    assertEquals("train", assign(new SplitCounts(Map.of(), "train", 1), problems(1)).get("id-0"));
  }

  @ParameterizedTest
  @MethodSource("org.etalon.data.prepare.step.StepLaws#hostile")
  void hostilePromptsHaveASplit(String text) {
    Problem problem = new Problem("p", "general", text + "x", "1", List.of());
    var splits = new SplitShares(SHARES, 1);
    assertEquals(splits.of(problem), splits.of(problem));
  }
}
