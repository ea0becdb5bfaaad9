package org.etalon.data.decontaminate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.etalon.data.DataException;
import org.etalon.data.decontaminate.Decontaminator.Options;
import org.etalon.data.decontaminate.Decontaminator.Overlap;
import org.etalon.data.decontaminate.Decontaminator.Report;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;

class DecontaminatorTest {
  private static final Problem EVALUATION =
      problem("e1", "one two three four five six seven eight nine ten eleven twelve");
  private static final Decontaminator PAPER =
      Decontaminator.against(List.of(EVALUATION), Options.PAPER);

  @Test
  void tenSharedWordsAreAnOverlapAndNamed() {
    Problem training =
        problem("t", "Zero? ONE, two, three; four. five six-seven (eight) nine $ten$ and on");
    assertEquals(
        Optional.of(
            new Overlap("t", "e1", "prompt", "one two three four five six seven eight nine ten")),
        PAPER.check(training));
  }

  @Test
  void nineSharedWordsAreNot() {
    Problem training = problem("t", "one two three four five six seven eight nine and so on");
    assertEquals(Optional.empty(), PAPER.check(training));
  }

  @Test
  void lengthOfTheGramIsAParameter() {
    Decontaminator three = Decontaminator.against(List.of(EVALUATION), new Options(3, false));
    assertTrue(three.check(problem("t", "ten eleven twelve")).isPresent());
    assertTrue(three.check(problem("t", "ten eleven")).isEmpty());
    assertThrows(DataException.class, () -> new Options(0, false));
  }

  @Test
  void shortTextsAreComparedAsAWhole() {
    Decontaminator short5 =
        Decontaminator.against(List.of(problem("s", "What is 1+1?")), Options.PAPER);
    assertTrue(short5.check(problem("t", "what is 1 + 1")).isPresent());
    assertTrue(short5.check(problem("t", "what is 1 + 1 + 1")).isEmpty());
    assertTrue(
        short5
            .check(problem("t", "so tell me now please what is 1 + 1 in the field of two"))
            .isEmpty());
  }

  @Test
  void tracesAreCheckedOnlyWhenAsked() {
    Problem training =
        problem("t", "something else").withTraces(List.of("clean", "x " + EVALUATION.prompt()));
    assertTrue(PAPER.check(training).isEmpty());
    Decontaminator traces = Decontaminator.against(List.of(EVALUATION), new Options(10, true));
    assertEquals("traces[1]", traces.check(training).orElseThrow().field());
  }

  @Test
  void textsWithoutWordsNeverOverlap() {
    Decontaminator empty = Decontaminator.against(List.of(problem("e", "???")), Options.PAPER);
    assertTrue(empty.check(problem("t", "!!!")).isEmpty());
  }

  @Test
  void hashCollisionDropsNothing() {
    Decontaminator colliding = new Decontaminator(new Options(2, false), 0);
    colliding.add(problem("e1", "alpha beta"));
    colliding.add(problem("e2", "gamma delta"));
    assertTrue(colliding.check(problem("t", "beta alpha gamma")).isEmpty());
    assertEquals("e2", colliding.check(problem("t", "a gamma delta")).orElseThrow().evaluationId());
  }

  @Test
  void filterFindsExactlyWhatANaiveSearchFinds() {
    Random random = new Random(3);
    List<Problem> evaluation = randomProblems(random, "e", 20);
    List<Problem> training = randomProblems(random, "t", 400);
    Report report = Decontaminator.against(evaluation, new Options(4, false)).filter(training);
    List<Problem> kept =
        training.stream()
            .filter(t -> evaluation.stream().noneMatch(e -> naive(t.prompt(), e.prompt())))
            .toList();
    assertEquals(kept, report.kept());
    assertEquals(training.size(), report.kept().size() + report.dropped().size());
    assertTrue(kept.size() > 20 && report.dropped().size() > 20, report.kept().size() + " kept");
    for (Overlap overlap : report.dropped()) {
      String evaluated = prompt(evaluation, overlap.evaluationId());
      assertTrue(naive(prompt(training, overlap.trainingId()), evaluated));
      assertTrue((" " + evaluated + " ").contains(" " + overlap.gram() + " "));
    }
  }

  /** Written from the definition, on strings. */
  private static boolean naive(String a, String b) {
    List<String> words = List.of(a.split(" "));
    if (words.size() < 4 || b.split(" ").length < 4) {
      return a.equals(b);
    }
    for (int i = 0; i + 4 <= words.size(); i++) {
      if ((" " + b + " ").contains(" " + String.join(" ", words.subList(i, i + 4)) + " ")) {
        return true;
      }
    }
    return false;
  }

  private static List<Problem> randomProblems(Random random, String prefix, int count) {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      problems.add(
          problem(
              prefix + i,
              random
                  .ints(1 + random.nextInt(12), 0, 6)
                  .mapToObj(n -> String.valueOf((char) ('a' + n)))
                  .collect(Collectors.joining(" "))));
    }
    return problems;
  }

  private static String prompt(List<Problem> problems, String id) {
    return problems.stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow().prompt();
  }

  private static Problem problem(String id, String prompt) {
    return new Problem(id, "general", prompt, "0", List.of());
  }
}
