package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
import org.etalon.data.prepare.step.RepetitionFilter.Options;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RepetitionFilterTest {
  private static final RepetitionFilter FILTER = new RepetitionFilter(Options.DEFAULT);

  static Stream<String> rightChains() {
    return Stream.of(
        Chains.cases(10),
        Chains.cases(400),
        Chains.longDivision(355, 113, 60),
        Chains.doubts(new Random(2), 5),
        Chains.doubts(new Random(3), 200),
        Chains.doubts(new Random(4), 2000),
        Chains.rows());
  }

  static Stream<String> loops() {
    return Stream.of(
        Chains.loop("So the answer is 5.", 60),
        Chains.loop("Wait, let me check this again.", 40),
        Chains.loop("0", 200),
        Chains.loop("ha", 2000).replace("ha\n", "ha"),
        Chains.loop("\u7b49\u4e00\u4e0b\uff0c\u8ba9\u6211\u518d\u7b97\u4e00\u904d\u3002", 30),
        // Longer than any period that is looked for.
        Chains.loop(Chains.doubts(new Random(9), 40), 5));
  }

  @ParameterizedTest
  @EnumSource
  void everyBuiltinTraceStays(BuiltinSet set) {
    var spec = new BuiltinSpec(set, 7, 2400, 0, 0, 0, 3, 3);
    for (Problem problem : BuiltinProblems.generate(spec).sft()) {
      assertEquals(Step.Result.kept(problem), FILTER.apply(problem));
    }
  }

  @ParameterizedTest
  @MethodSource("rightChains")
  void rightChainsOfThoughtStay(String chain) {
    assertEquals(List.of(), FILTER.apply(StepLaws.problem(chain)).notes());
  }

  @ParameterizedTest
  @MethodSource("loops")
  void loopsGo(String chain) {
    Step.Result result = FILTER.apply(StepLaws.problem("6*7=42\n\\boxed{42}", chain));
    assertEquals(List.of("6*7=42\n\\boxed{42}"), result.kept().orElseThrow().traces());
    assertEquals("traces[1]", result.notes().get(0).field());
  }

  @Test
  void theNoteShowsThePassageAndHowOftenItStands() {
    Step.Note note = FILTER.apply(StepLaws.problem("So " + "x is 5. ".repeat(30))).notes().get(0);
    assertEquals("repeats a passage back to back", note.reason());
    assertEquals("x is 5.", note.facts().get("passage"));
    assertEquals("30", note.facts().get("times"));
  }

  @Test
  void aProblemGoesWithItsLastTraceUnlessAskedToStay() {
    Problem problem = StepLaws.problem(Chains.loop("0", 200));
    Step.Result dropped = FILTER.apply(problem);
    assertEquals(Optional.empty(), dropped.kept());
    assertEquals(
        List.of("repeats a passage back to back", "no trace is left"),
        dropped.notes().stream().map(Step.Note::reason).toList());
    var keeping = new RepetitionFilter(new Options(20, 0.5, 100, 128, 4, 100, true));
    assertEquals(Optional.of(problem.withTraces(List.of())), keeping.apply(problem).kept());
    assertEquals(1, keeping.apply(problem).notes().size());
  }

  @Test
  void aProblemWithoutTracesStays() {
    assertEquals(Step.Result.kept(StepLaws.problem()), FILTER.apply(StepLaws.problem()));
  }

  @Test
  void shareCountsGramsSaidBefore() {
    var filter = new RepetitionFilter(new Options(2, 0.5, 1, 0, 4, 100, false));
    // ab bc ca ab bc: three of five are new.
    assertEquals(0.4, filter.repeatedShare(WordRow.of("a b c a b c")), 1e-12);
    assertEquals(0, filter.repeatedShare(WordRow.of("a b c d e")), 0);
    assertEquals(0, filter.repeatedShare(WordRow.of("a")), 0);
  }

  @Test
  void aTextSaidTwiceIsAtMostHalfRepeated() {
    String once = IntStream.range(0, 3000).mapToObj(i -> "w " + i).collect(Collectors.joining(" "));
    assertTrue(FILTER.repeatedShare(WordRow.of(once + " " + once)) <= 0.5);
    assertTrue(FILTER.repeatedShare(WordRow.of(once + " " + once + " " + once)) > 0.6);
  }

  @ParameterizedTest
  @MethodSource("org.etalon.data.prepare.step.StepLaws#hostile")
  void hostileTextIsJudgedSoon(String text) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> StepLaws.hold(() -> FILTER, StepLaws.problem("fine", text)));
  }

  @Property(tries = 300, seed = "1")
  void lawsHold(@ForAll("traces") List<String> traces) {
    var strict = new RepetitionFilter(new Options(3, 0.3, 5, 8, 3, 6, false));
    StepLaws.hold(() -> strict, StepLaws.problem(traces.toArray(String[]::new)));
  }

  @Property(tries = 300, seed = "1")
  void loopsAreFoundWhereANaiveSearchFindsThem(@ForAll("row") List<Integer> row) {
    var filter = new RepetitionFilter(new Options(20, 1, 1, 5, 3, 6, false));
    String text = row.stream().map(String::valueOf).collect(Collectors.joining(" "));
    assertEquals(naiveLoop(row, 5, 3, 6), filter.loop(WordRow.of(text)).isPresent());
  }

  /** Written from the definition: a passage, its repeats, and what they cover with a part of it. */
  private static boolean naiveLoop(List<Integer> row, int maxPeriod, int repeats, int words) {
    for (int period = 1; period <= maxPeriod; period++) {
      for (int from = 0; from < row.size(); from++) {
        for (int to = from + Math.max(words, period * repeats); to <= row.size(); to++) {
          boolean periodic = true;
          for (int i = from + period; i < to && periodic; i++) {
            periodic = row.get(i).equals(row.get(i - period));
          }
          if (periodic) {
            return true;
          }
        }
      }
    }
    return false;
  }

  @Provide
  Arbitrary<List<Integer>> row() {
    return Arbitraries.integers().between(0, 2).list().ofMaxSize(30);
  }

  @Provide
  Arbitrary<List<String>> traces() {
    return Arbitraries.of("a", "b", "c", "7", "+", "x y")
        .list()
        .ofMinSize(1)
        .ofMaxSize(40)
        .map(words -> String.join(" ", words))
        .list()
        .ofMaxSize(5);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThrows(DataException.class, () -> new Options(0, 0.5, 100, 128, 4, 100, false));
    assertThrows(DataException.class, () -> new Options(20, 1.5, 100, 128, 4, 100, false));
    assertThrows(DataException.class, () -> new Options(20, Double.NaN, 1, 128, 4, 100, false));
    assertThrows(DataException.class, () -> new Options(20, 0.5, 100, 128, 1, 100, false));
  }
}
