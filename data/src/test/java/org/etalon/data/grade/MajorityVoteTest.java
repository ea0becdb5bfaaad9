package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.etalon.data.DataException;
import org.etalon.data.grade.MajorityVote.Candidate;
import org.etalon.data.grade.MajorityVote.Outcome;
import org.junit.jupiter.api.Test;

class MajorityVoteTest {
  private static String box(String answer) {
    return "So \\boxed{" + answer + "}.";
  }

  @Test
  void answersThatSayTheSameCountTogether() {
    Outcome outcome =
        MajorityVote.ofMath(
            List.of(box("0.5"), box("\\frac{1}{2}"), box("1/2"), box("2"), box("2"), "no box"),
            true);
    assertEquals(List.of(new Candidate("0.5", 3), new Candidate("2", 2)), outcome.candidates());
    assertEquals(6, outcome.ballots());
    assertEquals(1, outcome.lead());
    assertEquals(0.5, outcome.share(), 1e-12);
  }

  @Test
  void theMostFrequentSpellingSpeaksForItsClass() {
    Outcome outcome =
        MajorityVote.ofMath(List.of(box("0.5"), box("1/2"), box("1/2"), box("50\\%")), true);
    assertEquals(Optional.of(new Candidate("1/2", 4)), outcome.first());
  }

  @Test
  void aTieHasNoLeadAndALeaderThatAnyOrderGives() {
    Outcome outcome = MajorityVote.ofMath(List.of(box("7"), box("12")), true);
    assertEquals(0, outcome.lead());
    assertEquals(Optional.of(new Candidate("7", 1)), outcome.first());
    assertEquals(outcome, MajorityVote.ofMath(List.of(box("12"), box("7")), true), "order matters");
  }

  @Test
  void withoutAnswersNobodyLeads() {
    Outcome outcome = MajorityVote.ofMath(List.of("", "hm"), true);
    assertEquals(Optional.empty(), outcome.first());
    assertEquals(0, outcome.lead());
    assertEquals(0, outcome.share(), 0);
    assertEquals(2, outcome.ballots());
    assertEquals(0, MajorityVote.ofMath(List.of(), true).share(), 0);
  }

  @Test
  void anUnboxedAnswerCountsOnlyWhereNoBoxIsRequired() {
    List<String> responses = List.of("The answer is 5.", box("5"));
    assertEquals(1, MajorityVote.ofMath(responses, true).first().orElseThrow().votes());
    assertEquals(2, MajorityVote.ofMath(responses, false).first().orElseThrow().votes());
  }

  @Test
  void blankAnswersAreRefused() {
    assertThrows(DataException.class, () -> MajorityVote.count(Map.of(" ", 1), 0, String::equals));
    assertThrows(DataException.class, () -> MajorityVote.count(Map.of("1", 0), 0, String::equals));
  }

  @Test
  void thousandsOfDifferentAnswersAreBounded() {
    List<String> responses = IntStream.range(0, 3000).mapToObj(i -> box("" + i)).toList();
    Outcome outcome =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> MajorityVote.ofMath(responses, true));
    assertEquals(64, outcome.candidates().size());
    assertEquals(3000, outcome.ballots());
  }

  @Test
  void hostileAnswersAreCountedSoon() {
    List<String> responses =
        List.of(box("9^{9^{9^9}}"), box("9^{9^{9^9}}"), box("{".repeat(1000)), "\\boxed{\u0000}");
    Outcome outcome =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60), () -> MajorityVote.ofMath(responses, true));
    assertEquals(2, outcome.first().orElseThrow().votes());
    assertFalse(MajorityVote.sameMath("9".repeat(2000), "9".repeat(2001)));
  }

  @Property(tries = 200, seed = "1")
  void theOrderOfResponsesDoesNotMatter(@ForAll("responses") List<String> responses) {
    Outcome outcome = MajorityVote.ofMath(responses, true);
    List<String> shuffled = new ArrayList<>(responses);
    Collections.shuffle(shuffled, new Random(5));
    assertEquals(outcome, MajorityVote.ofMath(shuffled, true));
    assertEquals(responses.size(), outcome.ballots());
    int votes = outcome.candidates().stream().mapToInt(Candidate::votes).sum();
    long answered = responses.stream().filter(r -> r.contains("boxed")).count();
    assertEquals(answered, votes);
    assertTrue(outcome.lead() >= 0);
  }

  @Provide
  Arbitrary<List<String>> responses() {
    return Arbitraries.of("0.5", "1/2", "2", "2.0", "x+1", "1+x", "\\{1,2\\}", "")
        .map(answer -> answer.isEmpty() ? "nothing" : box(answer))
        .list()
        .ofMaxSize(12);
  }
}
