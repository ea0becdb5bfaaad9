package org.etalon.data.deduplicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.etalon.data.DataException;
import org.etalon.data.deduplicate.NearDuplicates.Options;
import org.etalon.data.deduplicate.NearDuplicates.Twin;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;

class DuplicatesTest {
  @Test
  void spacingCaseAndLookDoNotMakeAnotherQuestion() {
    ExactDuplicates search = new ExactDuplicates();
    assertEquals(Optional.empty(), search.firstOf(problem("a", "Find $\\dfrac{1}{2}+x$.")));
    assertEquals(Optional.of("a"), search.firstOf(problem("b", "find \\( \\frac 1 2 + x \\)")));
    assertEquals(Optional.empty(), search.firstOf(problem("c", "Find $\\frac{1}{3}+x$.")));
    assertEquals(Optional.of("c"), search.firstOf(problem("d", "FIND $\\tfrac{1}{3} + x$")));
  }

  @Test
  void questionsWithoutWordsAreComparedByTheirText() {
    ExactDuplicates search = new ExactDuplicates();
    assertEquals(Optional.empty(), search.firstOf(problem("a", "???")));
    assertEquals(Optional.empty(), search.firstOf(problem("b", "!")));
    assertEquals(Optional.of("a"), search.firstOf(problem("c", " ??? ")));
  }

  @Test
  void manyIdsComeBackAsTheyWere() {
    ExactDuplicates search = new ExactDuplicates();
    for (int i = 0; i < 200_000; i++) {
      search.firstOf(problem("naïve-" + i, "question " + i));
    }
    for (int i = 0; i < 200_000; i += 977) {
      assertEquals(Optional.of("naïve-" + i), search.firstOf(problem("x", "Question: " + i)));
    }
  }

  @Test
  void nearDuplicatesAreThoseOfANaiveSearch() {
    Random random = new Random(2);
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      List<String> words =
          i % 3 == 0 || problems.isEmpty()
              ? words(random, 10 + random.nextInt(60))
              : changed(random, problems.get(random.nextInt(problems.size())).prompt());
      problems.add(problem("p" + i, String.join(" ", words)));
    }
    NearDuplicates search = new NearDuplicates(Options.DEFAULT);
    List<Set<String>> kept = new ArrayList<>();
    int twins = 0;
    int missed = 0;
    for (Problem problem : problems) {
      double best =
          kept.stream().mapToDouble(k -> jaccard(k, shingles(problem.prompt()))).max().orElse(0);
      Optional<Twin> twin = search.twinOf(problem);
      if (twin.isPresent()) {
        twins++;
        assertEquals(best, twin.get().similarity(), 1e-9);
        assertTrue(best >= 0.8);
      } else {
        missed += best >= 0.8 ? 1 : 0;
        kept.add(shingles(problem.prompt()));
      }
    }
    assertTrue(twins > 150, twins + " twins");
    assertTrue(missed <= 1, missed + " of " + twins + " missed");
  }

  @Test
  void longTextsAreComparedBySamples() {
    Random random = new Random(4);
    List<String> words = words(random, 20_000);
    Set<String> before = shingles(String.join(" ", words));
    NearDuplicates search = new NearDuplicates(Options.DEFAULT);
    assertEquals(Optional.empty(), search.twinOf(problem("a", String.join(" ", words))));
    for (int i = 0; i < words.size(); i += 40) {
      words.set(i, "changed");
    }
    Twin twin = search.twinOf(problem("b", String.join(" ", words))).orElseThrow();
    double real = jaccard(shingles(String.join(" ", words)), before);
    assertEquals(real, twin.similarity(), 0.03);
  }

  @Test
  void aThousandCopiesOfATemplateAreNoTrouble() {
    NearDuplicates search = new NearDuplicates(new Options(0.95, 3));
    String template = "Tom has %d boxes with %d stickers each. How many stickers has he got now?";
    int kept = 0;
    for (int i = 0; i < 5000; i++) {
      kept += search.twinOf(problem("p" + i, template.formatted(i, i * 7))).isEmpty() ? 1 : 0;
    }
    assertEquals(5000, kept);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThrows(DataException.class, () -> new Options(0.4, 3));
    assertThrows(DataException.class, () -> new Options(1.1, 3));
    assertThrows(DataException.class, () -> new Options(Double.NaN, 3));
    assertThrows(DataException.class, () -> new Options(0.8, 0));
  }

  private static double jaccard(Set<String> a, Set<String> b) {
    Set<String> both = new HashSet<>(a);
    both.retainAll(b);
    return (double) both.size() / (a.size() + b.size() - both.size());
  }

  private static Set<String> shingles(String text) {
    List<String> words = List.of(text.split(" "));
    return IntStream.rangeClosed(0, words.size() - 3)
        .mapToObj(i -> String.join(" ", words.subList(i, i + 3)))
        .collect(Collectors.toSet());
  }

  private static List<String> changed(Random random, String prompt) {
    List<String> words = new ArrayList<>(List.of(prompt.split(" ")));
    for (int n = random.nextInt(4); n > 0; n--) {
      words.set(random.nextInt(words.size()), "w" + (char) ('a' + random.nextInt(26)));
    }
    return words;
  }

  private static List<String> words(Random random, int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder word = new StringBuilder();
      for (int n = 3 + random.nextInt(4); n > 0; n--) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      words.add(word.toString());
    }
    return words;
  }

  private static Problem problem(String id, String prompt) {
    return new Problem(id, "general", prompt, "0", List.of());
  }
}
