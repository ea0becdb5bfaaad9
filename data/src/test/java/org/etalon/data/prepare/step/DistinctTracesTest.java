package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.etalon.data.DataException;
import org.etalon.data.builtin.BuiltinProblems;
import org.etalon.data.builtin.BuiltinSet;
import org.etalon.data.builtin.BuiltinSpec;
import org.etalon.data.prepare.Step;
import org.etalon.data.prepare.step.DistinctTraces.Compare;
import org.etalon.data.prepare.step.DistinctTraces.Options;
import org.etalon.data.prepare.step.DistinctTraces.Prefer;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DistinctTracesTest {
  private static final String FACTORS =
      "The equation x^2 - 5x + 6 = 0 factors as (x-2)(x-3) = 0, so x = 2 or x = 3. \\boxed{2,3}";
  private static final String FACTORS_TOO =
      "Well, the equation x^2 - 5x + 6 = 0 factors as (x-2)(x-3) = 0, so x = 2 or x = 3."
          + " \\boxed{2,3}";
  private static final String FORMULA =
      "By the quadratic formula we have x = (5 + sqrt(25 - 24))/2 = 3 or x = (5 - 1)/2 = 2."
          + " \\boxed{2,3}";
  private static final String VIETA =
      "Two numbers with sum 5 and product 6 are wanted: by trying we get 2 and 3. \\boxed{2,3}";

  private static Options options(int most, double distance, Compare compare, Prefer prefer) {
    return new Options(most, distance, compare, 4, prefer);
  }

  private static List<String> kept(Options options, String... traces) {
    return new DistinctTraces(options)
        .apply(StepLaws.problem(traces))
        .kept()
        .orElseThrow()
        .traces();
  }

  @Test
  void nearCopiesGoAndOtherWaysStay() {
    Step.Result result =
        new DistinctTraces(Options.DEFAULT)
            .apply(StepLaws.problem(FACTORS, FACTORS, FORMULA, FACTORS_TOO, VIETA));
    assertEquals(List.of(FACTORS, FORMULA, VIETA), result.kept().orElseThrow().traces());
    assertEquals(
        List.of("equals another trace", "resembles another trace"),
        result.notes().stream().map(Step.Note::reason).toList());
    assertEquals("traces[3]", result.notes().get(1).field());
    assertEquals("traces[0]", result.notes().get(1).facts().get("nearest"));
  }

  @Test
  void theFarthestComeFirstWhereThereAreTooMany() {
    Step.Result result =
        new DistinctTraces(options(2, 0, Compare.WORDS, Prefer.FIRST))
            .apply(StepLaws.problem(FACTORS, FACTORS_TOO, VIETA));
    assertEquals(List.of(FACTORS, VIETA), result.kept().orElseThrow().traces());
    assertEquals("is one too many", result.notes().get(0).reason());
  }

  @ParameterizedTest
  @CsvSource({"FIRST,b b b", "SHORTEST,a a", "LONGEST,c c c c"})
  void thePreferredTraceIsKeptFirst(Prefer prefer, String first) {
    assertEquals(
        List.of(first), kept(options(1, 0, Compare.WORDS, prefer), "b b b", "a a", "c c c c"));
  }

  @Test
  void formulasAreComparedInWhateverWordsTheyStand() {
    String plain = "First $3*4 = 12$, then $12+2=14$.";
    String wordy = "We multiply and see that 3 * 4 = 12; after this it follows: 12 + 2 = 14.";
    String other = "We add four three times, 4+4+4=12, then 12+2=14.";
    assertEquals(
        List.of(plain, other),
        kept(options(9, 0.3, Compare.FORMULAS, Prefer.FIRST), plain, wordy, other));
    assertEquals(
        List.of(plain, wordy, other),
        kept(options(9, 0.3, Compare.WORDS, Prefer.FIRST), plain, wordy, other));
  }

  @Test
  void theOtherWaysOfABuiltinProblemStay() {
    var spec = new BuiltinSpec(BuiltinSet.MATHEMATICS, 3, 960, 0, 0, 0, 3, 3);
    int several = 0;
    int left = 0;
    var step = new DistinctTraces(options(9, 0, Compare.WORDS, Prefer.FIRST));
    for (Problem problem : BuiltinProblems.generate(spec).sft()) {
      several += new HashSet<>(problem.traces()).size();
      left += step.apply(problem).kept().orElseThrow().traces().size();
    }
    assertEquals(several, left);
  }

  @Test
  void oneTraceOrNoneStays() {
    Problem one = StepLaws.problem("a");
    assertEquals(Step.Result.kept(one), new DistinctTraces(Options.DEFAULT).apply(one));
    Problem none = StepLaws.problem();
    assertEquals(Step.Result.kept(none), new DistinctTraces(Options.DEFAULT).apply(none));
  }

  @ParameterizedTest
  @MethodSource("org.etalon.data.prepare.step.StepLaws#hostile")
  void hostileTracesAreComparedSoon(String text) {
    for (Compare compare : Compare.values()) {
      var step = new DistinctTraces(options(3, 0.3, compare, Prefer.FIRST));
      assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () -> StepLaws.hold(() -> step, StepLaws.problem(text, text + "x", "fine", text)));
    }
  }

  @Test
  void aThousandTracesAreComparedSoon() {
    List<String> traces = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      traces.add(Chains.doubts(new Random(i), 20));
    }
    var step = new DistinctTraces(options(16, 0.1, Compare.WORDS, Prefer.FIRST));
    Step.Result result =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60),
            () -> step.apply(StepLaws.problem(traces.toArray(String[]::new))));
    assertEquals(16, result.kept().orElseThrow().traces().size());
  }

  @Property(tries = 200, seed = "1")
  void lawsHold(
      @ForAll("traces") List<String> traces, @ForAll Compare compare, @ForAll Prefer prefer) {
    var step = new DistinctTraces(new Options(3, 0.4, compare, 2, prefer));
    StepLaws.hold(() -> step, StepLaws.problem(traces.toArray(String[]::new)));
  }

  @Property(tries = 200, seed = "1")
  void keptTracesAreFarFromEachOther(@ForAll("words") List<String> traces) {
    List<String> kept =
        kept(new Options(9, 0.4, Compare.WORDS, 1, Prefer.SHORTEST), traces.toArray(String[]::new));
    for (int i = 0; i < kept.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertTrue(naiveDistance(kept.get(i), kept.get(j)) >= 0.4 - 1e-12);
      }
    }
  }

  private static double naiveDistance(String a, String b) {
    var both = new HashSet<>(List.of(a.split(" ")));
    var all = new HashSet<>(both);
    var other = new HashSet<>(List.of(b.split(" ")));
    both.retainAll(other);
    all.addAll(other);
    return 1 - (double) both.size() / all.size();
  }

  @ParameterizedTest
  @EnumSource(
      value = Prefer.class,
      names = {"SHORTEST", "LONGEST"})
  void byLengthTheOrderOfTracesDoesNotMatter(Prefer prefer) {
    List<String> traces = new ArrayList<>(List.of(FACTORS, FACTORS_TOO, FORMULA, VIETA, "a", "b"));
    var options = options(3, 0.2, Compare.WORDS, prefer);
    var first = new HashSet<>(kept(options, traces.toArray(String[]::new)));
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(traces, new Random(i));
      assertEquals(first, new HashSet<>(kept(options, traces.toArray(String[]::new))));
    }
  }

  @Provide
  Arbitrary<List<String>> words() {
    return texts("a", "b", "c", "d", "so");
  }

  @Provide
  Arbitrary<List<String>> traces() {
    return texts("a", "b", "c", "1+1=2", "2*3=6", "so");
  }

  private static Arbitrary<List<String>> texts(String... words) {
    return Arbitraries.of(words)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(chosen -> String.join(" ", chosen))
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThrows(DataException.class, () -> options(0, 0.3, Compare.WORDS, Prefer.FIRST));
    assertThrows(DataException.class, () -> options(1, 1.3, Compare.WORDS, Prefer.FIRST));
  }
}
