package org.etalon.data.prepare.step;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.etalon.data.DataException;
import org.etalon.data.prepare.Step;
import org.etalon.data.problem.Problem;

/**
 * Selects problems by how often a model solves them, or sorts them into buckets of that.
 *
 * <p>Paper: P3 §2.2, prompts at accuracy exactly 0 or 1 under the phase's start checkpoint are
 * dropped: their groups have no advantage to learn from.
 */
public final class Difficulty implements Step {
  /** The bucket at the end of a subdomain that an earlier run of this step wrote. */
  private static final Pattern BUCKET = Pattern.compile(" [01]\\.\\d\\d-[01]\\.\\d\\d$");

  private final Options options;
  private final Rollouts rollouts;

  /** What becomes of a problem without rollouts. */
  public enum Missing {
    KEEP,
    DROP,
    STOP
  }

  /** Where a problem's bucket is written. */
  public enum Bucket {
    /** Nowhere. */
    NONE,
    /** Into the notes of the report. */
    NOTES,
    /** Behind the subdomain, {@code algebra 0.25-0.50}. */
    SUBDOMAIN
  }

  /**
   * Which problems stay.
   *
   * @param min smallest accuracy, 0 to 1
   * @param max largest accuracy
   * @param dropUnsolved whether accuracy 0 goes even if it lies in that range
   * @param dropSolved whether accuracy 1 goes even if it lies in that range
   * @param missing what becomes of a problem without rollouts
   * @param bucket where the bucket is written
   * @param edges accuracies at which a new bucket begins, ascending, between 0 and 1
   */
  public record Options(
      double min,
      double max,
      boolean dropUnsolved,
      boolean dropSolved,
      Missing missing,
      Bucket bucket,
      List<Double> edges) {
    /** The paper's: neither 0 nor 1. Our choice: quarters as buckets. */
    public static final Options DEFAULT =
        new Options(0, 1, true, true, Missing.STOP, Bucket.NONE, ImmutableList.of(0.25, 0.5, 0.75));

    public Options {
      Check.share("min", min);
      Check.share("max", max);
      if (min > max) {
        throw new DataException("min must be at most max, got " + min + " and " + max);
      }
      edges = ImmutableList.copyOf(edges);
      double last = 0;
      for (double edge : edges) {
        if (!(edge > last && edge < 1)) {
          throw new DataException(
              "edges must ascend between 0 and 1, got " + edges + "; leave 0 and 1 out");
        }
        last = edge;
      }
    }

    static Options read(StepOptions from) {
      return new Options(
          from.number("min", DEFAULT.min),
          from.number("max", DEFAULT.max),
          from.flag("dropUnsolved", DEFAULT.dropUnsolved),
          from.flag("dropSolved", DEFAULT.dropSolved),
          from.choice("missing", DEFAULT.missing),
          from.choice("bucket", DEFAULT.bucket),
          from.numbers("edges", DEFAULT.edges));
    }
  }

  /**
   * @param rollouts of a model on the problems; no longer changed
   */
  public Difficulty(Options options, Rollouts rollouts) {
    this.options = options;
    this.rollouts = rollouts;
  }

  @Override
  public boolean isStateless() {
    return true;
  }

  /**
   * @throws DataException naming a problem without rollouts, if those stop
   */
  @Override
  public Result apply(Problem problem) {
    Optional<Rollouts.Accuracy> found = rollouts.of(problem.id());
    if (found.isEmpty()) {
      return missing(problem);
    }
    Rollouts.Accuracy accuracy = found.get();
    double rate = accuracy.rate();
    if (options.dropUnsolved && accuracy.right() == 0) {
      return dropped("never solved", accuracy);
    }
    if (options.dropSolved && accuracy.right() == accuracy.judged()) {
      return dropped("always solved", accuracy);
    }
    if (rate < options.min) {
      return dropped("too hard", accuracy);
    }
    if (rate > options.max) {
      return dropped("too easy", accuracy);
    }
    return switch (options.bucket) {
      case NONE -> Result.kept(problem);
      case NOTES ->
          new Result(
              Optional.of(problem),
              List.of(
                  new Note(
                      "prompt",
                      "accuracy " + bucket(rate),
                      Map.of("accuracy", accuracy.toString()))));
      case SUBDOMAIN -> Result.kept(withBucket(problem, bucket(rate)));
    };
  }

  private static Result dropped(String reason, Rollouts.Accuracy accuracy) {
    return Result.dropped(new Note("prompt", reason, Map.of("accuracy", accuracy.toString())));
  }

  private Result missing(Problem problem) {
    return switch (options.missing) {
      case KEEP -> Result.kept(problem);
      case DROP -> Result.dropped(new Note("prompt", "has no rollouts", Map.of()));
      case STOP ->
          throw new DataException(
              "problem "
                  + problem.id()
                  + " has no judged rollouts among those of "
                  + rollouts.size()
                  + " problems; sample it too, or set missing to keep or drop");
    };
  }

  private static Problem withBucket(Problem problem, String bucket) {
    String plain = BUCKET.matcher(problem.subdomain()).replaceFirst("");
    return Relabel.withSubdomain(problem, plain + " " + bucket);
  }

  /** The interval an accuracy lies in, {@code 0.25-0.50}; its lower end belongs to it. */
  String bucket(double rate) {
    double from = 0;
    double to = 1;
    for (double edge : options.edges) {
      if (rate >= edge) {
        from = edge;
      } else {
        to = edge;
        break;
      }
    }
    return String.format(Locale.ROOT, "%.2f-%.2f", from, to);
  }
}
