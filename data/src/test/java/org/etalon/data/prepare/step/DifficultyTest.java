package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.etalon.data.DataException;
import org.etalon.data.prepare.Step;
import org.etalon.data.prepare.step.Difficulty.Bucket;
import org.etalon.data.prepare.step.Difficulty.Missing;
import org.etalon.data.prepare.step.Difficulty.Options;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifficultyTest {
  private static final List<Double> QUARTERS = List.of(0.25, 0.5, 0.75);

  static Rollouts rollouts(int right, int judged) {
    Rollouts rollouts = new Rollouts();
    for (int i = 0; i < judged; i++) {
      rollouts.add("p", i < right);
    }
    return rollouts;
  }

  private static Step.Result apply(Options options, int right, int judged) {
    return new Difficulty(options, rollouts(right, judged)).apply(StepLaws.problem());
  }

  private static Options range(double min, double max, boolean ends) {
    return new Options(min, max, ends, ends, Missing.STOP, Bucket.NONE, QUARTERS);
  }

  @ParameterizedTest
  @CsvSource({"0,never solved", "1,", "7,", "8,always solved"})
  void whatIsNeverOrAlwaysSolvedGoes(int right, String reason) {
    Step.Result result = apply(Options.DEFAULT, right, 8);
    assertEquals(reason == null, result.kept().isPresent());
    if (reason != null) {
      assertEquals(reason, result.notes().get(0).reason());
      assertEquals(right + "/8", result.notes().get(0).facts().get("accuracy"));
    }
  }

  @ParameterizedTest
  @CsvSource({"0,too hard", "1,too hard", "2,", "6,", "7,too easy", "8,too easy"})
  void aRangeMayBeAskedFor(int right, String reason) {
    Step.Result result = apply(range(0.25, 0.75, false), right, 8);
    assertEquals(reason == null, result.kept().isPresent());
    assertEquals(
        reason == null ? List.of() : List.of(reason),
        result.notes().stream().map(Step.Note::reason).toList());
  }

  @Test
  void withoutRolloutsItStopsUnlessToldOtherwise() {
    Rollouts none = new Rollouts();
    String message =
        assertThrows(
                DataException.class,
                () -> new Difficulty(Options.DEFAULT, none).apply(StepLaws.problem()))
            .getMessage();
    assertTrue(message.startsWith("problem p has no judged rollouts"), message);
    var keep = new Options(0, 1, true, true, Missing.KEEP, Bucket.NONE, QUARTERS);
    assertTrue(new Difficulty(keep, none).apply(StepLaws.problem()).kept().isPresent());
    var drop = new Options(0, 1, true, true, Missing.DROP, Bucket.NONE, QUARTERS);
    assertEquals(
        "has no rollouts",
        new Difficulty(drop, none).apply(StepLaws.problem()).notes().get(0).reason());
  }

  @Test
  void bucketsGoIntoNotesOrTheSubdomain() {
    var notes = new Options(0, 1, false, false, Missing.STOP, Bucket.NOTES, QUARTERS);
    assertEquals("accuracy 0.25-0.50", apply(notes, 3, 8).notes().get(0).reason());
    assertEquals("accuracy 0.50-0.75", apply(notes, 4, 8).notes().get(0).reason());
    assertEquals("accuracy 0.75-1.00", apply(notes, 8, 8).notes().get(0).reason());
    var written = new Options(0, 1, false, false, Missing.STOP, Bucket.SUBDOMAIN, QUARTERS);
    Problem labelled = apply(written, 3, 8).kept().orElseThrow();
    assertEquals("general 0.25-0.50", labelled.subdomain());
    // Rollouts of a later checkpoint take the place of the earlier ones.
    Step.Result later = new Difficulty(written, rollouts(7, 8)).apply(labelled);
    assertEquals("general 0.75-1.00", later.kept().orElseThrow().subdomain());
  }

  @Property(seed = "1")
  void lawsHold(@ForAll @IntRange(max = 8) int right, @ForAll Bucket bucket) {
    var options = new Options(0.2, 0.9, true, true, Missing.STOP, bucket, List.of(0.5));
    StepLaws.hold(() -> new Difficulty(options, rollouts(right, 8)), StepLaws.problem("a", "b"));
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThrows(DataException.class, () -> range(0.5, 0.4, true));
    assertThrows(DataException.class, () -> range(-0.1, 1, true));
    for (List<Double> edges : List.of(List.of(0.5, 0.5), List.of(0.0), List.of(1.0))) {
      assertThrows(
          DataException.class,
          () -> new Options(0, 1, true, true, Missing.STOP, Bucket.NONE, edges));
    }
  }
}
