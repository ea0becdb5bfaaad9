package org.etalon.training.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.program.ExecutionOptions;

/**
 * Changes of settings that make a workload fit, tried in the order of what they cost: a smaller
 * chunk of the head, more recomputation, attention in blocks, fewer rows or slots, shorter rows,
 * rounded products; after each that helps, again from the first. A change that does not help is
 * left out, and so is one that turned out to be needless in the end.
 *
 * @param changes settings, and the memory with each and those before it
 * @param fits whether all of them are enough
 */
record Remedy(List<Step> changes, boolean fits) {
  private static final int HEAD_CHUNK = 256;

  /** Smaller blocks save little more: scores of one live at a time, and take more steps. */
  private static final int BLOCK = ExecutionOptions.defaults().attentionBlock();

  private static final int FEWEST_SLOTS = 8;
  private static final int SHORTEST = 1024;

  /**
   * One change.
   *
   * @param setting as for {@code --set}
   * @param bytes predicted with it and those before
   */
  record Step(String setting, long bytes) {}

  private record Change(String setting, UnaryOperator<Workload> apply) {}

  /** The smallest set of changes, in their order. */
  static Remedy find(Workload start, Device device) {
    List<Change> taken = new ArrayList<>();
    Workload now = start;
    for (Optional<Change> next = next(now, device); next.isPresent(); next = next(now, device)) {
      taken.add(next.get());
      now = next.get().apply.apply(now);
    }
    boolean fits = fits(now, device);
    return new Remedy(steps(start, fits ? pruned(start, taken, device) : taken, device), fits);
  }

  /** What did not help before may help now: another moment has become the worst. */
  private static Optional<Change> next(Workload now, Device device) {
    if (fits(now, device)) {
      return Optional.empty();
    }
    List<Function<Workload, Optional<Change>>> kinds =
        List.of(
            Remedy::headChunk,
            Remedy::recompute,
            Remedy::block,
            Remedy::microRows,
            Remedy::rowLength,
            Remedy::slots,
            Remedy::length,
            Remedy::products);
    return kinds.stream().flatMap(kind -> smaller(kind, now, device).stream()).findFirst();
  }

  /**
   * The first of a kind's changes that helps. One that brings nothing may precede one that does.
   */
  private static Optional<Change> smaller(
      Function<Workload, Optional<Change>> kind, Workload now, Device device) {
    Workload changed = now;
    Optional<Change> next = kind.apply(now);
    while (next.isPresent()) {
      changed = next.get().apply.apply(changed);
      if (bytes(changed, device) < bytes(now, device)) {
        return next;
      }
      next = kind.apply(changed);
    }
    return Optional.empty();
  }

  private static List<Change> pruned(Workload start, List<Change> taken, Device device) {
    List<Change> kept = new ArrayList<>(taken);
    for (Change change : taken) {
      List<Change> rest = new ArrayList<>(kept);
      rest.remove(change);
      if (fits(all(start, rest), device)) {
        kept = rest;
      }
    }
    return kept;
  }

  private static Workload all(Workload start, List<Change> changes) {
    Workload now = start;
    for (Change change : changes) {
      now = change.apply.apply(now);
    }
    return now;
  }

  private static List<Step> steps(Workload start, List<Change> changes, Device device) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      long bytes = bytes(all(start, changes.subList(0, i + 1)), device);
      steps.add(new Step(changes.get(i).setting, bytes));
    }
    return steps;
  }

  private static long bytes(Workload workload, Device device) {
    return workload.memory(device).total();
  }

  private static boolean fits(Workload workload, Device device) {
    return device.fits(bytes(workload, device));
  }

  private static String key(Workload w, String name) {
    return w.stage().folderName() + "." + name;
  }

  private static Optional<Change> headChunk(Workload w) {
    if (w.train() == null || w.train().headChunk() <= HEAD_CHUNK) {
      return Optional.empty();
    }
    return Optional.of(
        new Change(
            key(w, "headChunk") + "=" + HEAD_CHUNK,
            x -> x.withTrain(x.train().withHeadChunk(HEAD_CHUNK))));
  }

  private static Optional<Change> recompute(Workload w) {
    if (w.train() == null || w.train().recompute() == Recompute.FULL) {
      return Optional.empty();
    }
    Recompute more = w.train().recompute() == Recompute.NONE ? Recompute.SELECTIVE : Recompute.FULL;
    return Optional.of(
        new Change(
            key(w, "recompute") + "=" + more, x -> x.withTrain(x.train().withRecompute(more))));
  }

  private static Optional<Change> block(Workload w) {
    int block = w.options().attentionBlock();
    return w.train() == null || (block > 0 && block <= BLOCK)
        ? Optional.empty()
        : Optional.of(
            new Change(
                "attentionBlock=" + BLOCK,
                x -> x.withOptions(x.options().withAttentionBlock(BLOCK))));
  }

  private static Optional<Change> microRows(Workload w) {
    if (w.train() == null || w.train().rows() % 2 != 0) {
      return Optional.empty();
    }
    int rows = w.train().rows() / 2;
    return Optional.of(
        new Change(key(w, "microRows") + "=" + rows, x -> x.withTrain(x.train().withRows(rows))));
  }

  /** Rows that hold the longest response and no more. */
  private static Optional<Change> rowLength(Workload w) {
    if (w.roll() == null || w.train() == null) {
      return Optional.empty();
    }
    int longest = w.roll().prompt() + w.roll().longest();
    return w.rowLength() <= longest
        ? Optional.empty()
        : Optional.of(
            new Change(key(w, "rowLength") + "=" + longest, x -> x.withRowLength(longest)));
  }

  private static Optional<Change> slots(Workload w) {
    if (w.roll() == null || w.roll().slots() < 2 * FEWEST_SLOTS) {
      return Optional.empty();
    }
    int slots = w.roll().slots() / 2;
    return Optional.of(
        new Change(key(w, "slots") + "=" + slots, x -> x.withRoll(x.roll().withSlots(slots))));
  }

  private static Optional<Change> length(Workload w) {
    int now = w.roll() != null ? w.roll().longest() : w.train() != null ? w.train().length() : 0;
    if (now / 2 < SHORTEST) {
      return Optional.empty();
    }
    int half = now / 2;
    if (w.roll() == null) {
      return Optional.of(
          new Change(key(w, "length") + "=" + half, x -> x.withTrain(x.train().withLength(half))));
    }
    boolean curriculum = w.train() != null;
    return Optional.of(
        new Change(
            curriculum
                ? key(w, "stages") + " with maxNewTokens of at most " + half
                : key(w, "maxNewTokens") + "=" + half,
            x -> x.withRoll(x.roll().withLongest(half))));
  }

  private static Optional<Change> products(Workload w) {
    return w.options().products() == WeightType.BFLOAT16
        ? Optional.empty()
        : Optional.of(
            new Change(
                "products=bfloat16",
                x -> x.withOptions(x.options().withProducts(WeightType.BFLOAT16))));
  }

  /** A phrase for the end of a message. */
  String text() {
    String list =
        changes.stream()
            .map(step -> step.setting + " (" + Device.gib(step.bytes) + ")")
            .collect(Collectors.joining(", then "));
    if (fits) {
      return "it would fit with " + list;
    }
    return changes.isEmpty()
        ? "no setting makes it smaller; take a smaller model or a larger device"
        : "it would not even fit with " + list + "; take a smaller model or a larger device";
  }
}
