package org.etalon.data.prepare;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.etalon.data.DataException;
import org.etalon.data.prepare.Batch.Item;
import org.etalon.data.prepare.Pipe.Stage;
import org.etalon.data.prepare.Recipe.StepSpec;
import org.etalon.data.prepare.StepCatalog.Survey;
import org.etalon.data.prepare.step.SplitCounts;
import org.etalon.data.problem.FingerprintTable;
import org.etalon.data.problem.FingerprintTable.Fingerprint;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;

/**
 * Runs a recipe: reads its inputs, applies its steps, writes its outputs. Problems stream: memory
 * grows by about 30 bytes a problem that is written, for its id, and by what steps say they keep.
 */
public final class Preparation {
  /** Names of other lists in the folder. */
  static final ImmutableSet<String> RESERVED = ImmutableSet.of("dropped");

  private static final int MOST_TRIES = 1_000_000;

  private final Recipe recipe;
  private final StepCatalog catalog;
  private final Reading reading;
  private final int threads;
  private final List<String> names;

  /** Made already, each for the first stream that needs it; null once it is in use. */
  private final List<Step> ready = new ArrayList<>();

  /**
   * @param base the folder that the recipe's relative paths start from
   * @param threads that work beside the one that reads and writes; the result is the same with any
   * @throws DataException if a step is unknown, or a file that the recipe names does not exist
   */
  public Preparation(Recipe recipe, StepCatalog catalog, Path base, int threads) {
    this.recipe = recipe;
    this.catalog = catalog;
    this.threads = threads;
    ImmutableList.Builder<List<Path>> files = ImmutableList.builder();
    for (int i = 0; i < recipe.inputs().size(); i++) {
      files.add(InputFiles.find(recipe.inputs().get(i).paths(), base, "inputs[" + i + "].path"));
    }
    this.reading = new Reading(recipe, files.build());
    this.names = names(recipe.steps());
    // A mistake in the last step is found now, not after hours of reading.
    recipe.steps().forEach(step -> ready.add(catalog.make(step)));
  }

  /** Every file that is read, in order, each once. */
  public List<Path> files() {
    ImmutableSet.Builder<Path> all = ImmutableSet.builder();
    reading.files().forEach(all::addAll);
    recipe.steps().forEach(step -> all.addAll(catalog.files(step)));
    return all.build().asList();
  }

  /** The recipe. */
  Recipe recipe() {
    return recipe;
  }

  /** Names of the outputs, without their ending. */
  List<String> outputs() {
    return recipe.splits().names();
  }

  /**
   * Reads, works and writes.
   *
   * @throws DataException naming what cannot be used
   */
  Tally run(Outputs out) {
    List<Optional<Survey>> surveys = new ArrayList<>();
    for (int i = 0; i < recipe.steps().size(); i++) {
      Optional<Survey> survey = catalog.survey(recipe.steps().get(i));
      if (survey.isPresent()) {
        Survey looks = survey.get();
        stream(
            steps(surveys),
            List.of(
                new Stage(
                    false, batch -> batch.items.forEach(item -> looks.look(item.problem())))));
      }
      surveys.add(survey);
    }
    Function<Problem, String> splits = splits(surveys);
    Tally total = new Tally();
    total.step(Reading.STEP);
    names.forEach(total::step);
    FingerprintTable seen = new FingerprintTable();
    stream(
        steps(surveys),
        List.of(
            new Stage(false, batch -> refuseRepeatedIds(batch, seen)),
            new Stage(true, batch -> render(batch, splits)),
            new Stage(
                false,
                batch -> {
                  out.write(batch);
                  total.add(batch.tally);
                  reading.judge(total, false);
                })));
    reading.judge(total, true);
    return total;
  }

  /** The split of each problem; where it is counted, after one more reading. */
  private Function<Problem, String> splits(List<Optional<Survey>> surveys) {
    Splits splits = recipe.splits();
    if (splits.counts().isEmpty()) {
      return splits.byShare(recipe.seed());
    }
    var counts = new SplitCounts(splits.counts(), splits.rest(), recipe.seed());
    stream(
        steps(surveys),
        List.of(
            new Stage(false, batch -> batch.items.forEach(item -> counts.see(item.problem())))));
    return counts.assign()::of;
  }

  /** Fresh steps: as many as there are surveys' places, those before the next survey. */
  private List<Step> steps(List<Optional<Survey>> surveys) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < surveys.size(); i++) {
      Step made = ready.set(i, null);
      StepSpec spec = recipe.steps().get(i);
      steps.add(
          surveys
              .get(i)
              .map(Survey::step)
              .orElseGet(() -> made == null ? catalog.make(spec) : made));
    }
    return steps;
  }

  private void stream(List<Step> steps, List<Stage> ends) {
    List<Stage> stages = new ArrayList<>();
    stages.add(new Stage(true, reading::map));
    for (int i = 0; i < steps.size(); i++) {
      int index = i;
      stages.add(
          new Stage(steps.get(i).isStateless(), batch -> apply(steps.get(index), index, batch)));
    }
    stages.addAll(ends);
    try (Pipe pipe = new Pipe(merged(stages), threads)) {
      reading.forEachBatch(pipe::accept);
      pipe.finish();
    }
  }

  /**
   * Neighbours of one sort as one stage, so that a batch changes threads no oftener than needed.
   */
  private static List<Stage> merged(List<Stage> stages) {
    List<Stage> merged = new ArrayList<>();
    for (Stage stage : stages) {
      Stage last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && last.isParallel() && stage.isParallel()) {
        merged.set(merged.size() - 1, new Stage(true, last.work().andThen(stage.work())));
      } else {
        merged.add(stage);
      }
    }
    return merged;
  }

  private void apply(Step step, int index, Batch batch) {
    String name = names.get(index);
    List<Item> kept = new ArrayList<>(batch.items.size());
    for (Item item : batch.items) {
      Step.Result result = step.apply(item.problem());
      batch.tally.step(name).seen(result.kept().isPresent());
      for (Step.Note note : result.notes()) {
        batch.note(name, item.place(), item.problem().id(), note);
      }
      result.kept().ifPresent(problem -> kept.add(new Item(item.place(), problem)));
    }
    batch.items = kept;
  }

  private void refuseRepeatedIds(Batch batch, FingerprintTable seen) {
    for (int i = 0; i < batch.items.size(); i++) {
      Item item = batch.items.get(i);
      long number = seen.size() + 1;
      long first = seen.putIfAbsent(Fingerprint.of(item.problem().id()), number);
      if (first < 0) {
        continue;
      }
      if (!recipe.numbersIds()) {
        throw new DataException(
            ("%s: id \"%s\" is that of problem %d of the output already; add the step"
                    + " exact-duplicates, or set ids: number")
                .formatted(item.place(), item.problem().id(), first));
      }
      batch.items.set(i, new Item(item.place(), numbered(item, seen, number)));
    }
  }

  private static Problem numbered(Item item, FingerprintTable seen, long number) {
    Problem p = item.problem();
    for (int n = 2; n < MOST_TRIES; n++) {
      String id = p.id() + "-" + n;
      if (seen.putIfAbsent(Fingerprint.of(id), number) < 0) {
        return new Problem(id, p.subdomain(), p.prompt(), p.answer(), p.traces(), p.kind());
      }
    }
    throw new DataException(
        item.place()
            + ": id \""
            + p.id()
            + "\" is repeated too often; add the step exact-duplicates or read ids from another"
            + " column");
  }

  private static void render(Batch batch, Function<Problem, String> splits) {
    try {
      for (Item item : batch.items) {
        String split = splits.apply(item.problem());
        ProblemFile.writeLine(
            item.problem(),
            batch.lines.computeIfAbsent(split, name -> new ByteArrayOutputStream(1 << 16)));
        batch.tally.step(Outputs.WRITTEN + split).seen(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    batch.items = List.of();
  }

  /** A step that stands twice gets its number behind its name. */
  private static List<String> names(List<StepSpec> steps) {
    List<String> names = new ArrayList<>();
    for (StepSpec step : steps) {
      long before =
          names.stream().filter(n -> n.replaceAll(" \\d+$", "").equals(step.name())).count();
      names.add(before == 0 ? step.name() : step.name() + " " + (before + 1));
    }
    return names;
  }
}
