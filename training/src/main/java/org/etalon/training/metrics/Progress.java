package org.etalon.training.metrics;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.etalon.training.run.ProgressStyle;

/**
 * Progress of one task on standard error: how much is done, the rate, the time left, and a short
 * note such as the loss.
 */
public final class Progress implements AutoCloseable {
  /** Nanoseconds between two plain lines. */
  private static final long INTERVAL = Duration.ofSeconds(5).toNanos();

  private final View view;

  private Progress(View view) {
    this.view = view;
  }

  /**
   * Begins.
   *
   * @param style bar, lines or nothing
   * @param task short name, e.g. {@code sft}
   * @param unit what is counted, in the plural, e.g. {@code steps}
   * @param done units done before, where a run is resumed
   * @param total units altogether
   */
  public static Progress start(
      ProgressStyle style, String task, String unit, long done, long total) {
    return switch (style) {
      case BAR -> new Progress(new Bar(task, unit, done, total));
      case LINES -> lines(System.err, System::nanoTime, task, unit, done, total);
      case QUIET -> new Progress((now, note, last) -> {});
    };
  }

  static Progress lines(
      PrintStream out, LongSupplier nanoTime, String task, String unit, long done, long total) {
    return new Progress(new Lines(out, nanoTime, task, unit, done, total));
  }

  /**
   * Reports.
   *
   * @param done units done so far, those before a resume included
   * @param note a few words, may be empty
   */
  public void update(long done, String note) {
    view.show(done, note, false);
  }

  /** Ends; the last state stays visible. */
  @Override
  public void close() {
    view.show(-1, "", true);
  }

  private interface View {
    void show(long done, String note, boolean last);
  }

  private static final class Bar implements View {
    private final ProgressBar bar;

    Bar(String task, String unit, long done, long total) {
      this.bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setUnit(" " + unit, 1)
              .setInitialMax(total)
              .startsFrom(done, Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(500)
              .showSpeed()
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
    }

    @Override
    public void show(long done, String note, boolean last) {
      if (last) {
        bar.close();
      } else {
        bar.setExtraMessage(" " + note);
        bar.stepTo(done);
      }
    }
  }

  private static final class Lines implements View {
    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final String task;
    private final String unit;
    private final long first;
    private final long total;
    private final long began;
    private long printed = Long.MIN_VALUE;
    private long printedAt;
    private long done;
    private String note = "";

    Lines(PrintStream out, LongSupplier nanoTime, String task, String unit, long done, long total) {
      this.out = out;
      this.nanoTime = nanoTime;
      this.task = task;
      this.unit = unit;
      this.first = done;
      this.done = done;
      this.total = total;
      this.began = nanoTime.getAsLong();
    }

    @Override
    public void show(long nowDone, String nowNote, boolean last) {
      if (!last) {
        done = nowDone;
        note = nowNote;
      }
      long now = nanoTime.getAsLong();
      boolean due = printed == Long.MIN_VALUE || now - printedAt >= INTERVAL || done == total;
      if (done != printed && done != first && (due || last)) {
        out.println(line((now - began) / 1e9, last));
        printed = done;
        printedAt = now;
      }
    }

    private String line(double seconds, boolean last) {
      double rate = seconds > 0 ? (done - first) / seconds : 0;
      var text = new StringBuilder(task);
      text.append(String.format(Locale.ROOT, "  %d/%d %s", done, total, unit));
      text.append(String.format(Locale.ROOT, rate < 1 ? "  %.3f/s" : "  %.1f/s", rate));
      if (done < total && !last && rate > 0) {
        text.append("  ").append(duration((total - done) / rate)).append(" left");
      } else {
        text.append("  in ").append(duration(seconds));
      }
      return note.isEmpty() ? text.toString() : text.append("  ").append(note).toString();
    }
  }

  /** As people write it: {@code 45s}, {@code 3m05s}, {@code 2h07m}. */
  static String duration(double seconds) {
    long s = Math.round(seconds);
    if (s < 60) {
      return s + "s";
    }
    return s < 3600
        ? String.format(Locale.ROOT, "%dm%02ds", s / 60, s % 60)
        : String.format(Locale.ROOT, "%dh%02dm", s / 3600, s % 3600 / 60);
  }
}
