package org.etalon.data.grade;

import com.google.common.collect.ImmutableMap;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.etalon.data.DataException;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;

/**
 * One grader per kind of answer, each made when the first problem of its kind is graded: a code
 * grader wants a sandbox, and a run without code must not need one. Safe for use from many threads.
 * The creator closes.
 */
public final class Graders implements AutoCloseable {
  private final Map<Kind, Supplier<? extends Grader>> makers;
  private final Map<Kind, Grader> made = new EnumMap<>(Kind.class);
  private ExecutorService workers;

  /**
   * @param makers what makes the grader of a kind; one that is {@link AutoCloseable} is closed with
   *     this object. A kind without a maker cannot be graded.
   */
  public Graders(Map<Kind, Supplier<? extends Grader>> makers) {
    this.makers = ImmutableMap.copyOf(makers);
  }

  /**
   * A response to grade.
   *
   * @param problem its kind chooses the grader, its answer is the gold one
   * @param response the text
   */
  public record Answered(Problem problem, String response) {}

  /**
   * The grader of a kind.
   *
   * @throws DataException if there is none, or it cannot be made; the message names the remedy
   */
  public synchronized Grader of(Kind kind) {
    Grader grader = made.get(kind);
    if (grader == null) {
      Supplier<? extends Grader> maker = makers.get(kind);
      if (maker == null) {
        throw new DataException(
            "problems of kind %s cannot be graded here; leave them out".formatted(kind.label()));
      }
      grader = maker.get();
      made.put(kind, grader);
    }
    return grader;
  }

  /**
   * Grades one response.
   *
   * @throws DataException if the gold answer is none of its kind; the message names the problem
   */
  public Verdict grade(Problem problem, String response) {
    try {
      return of(problem.kind()).grade(problem.answer(), response);
    } catch (DataException e) {
      throw new DataException("problem " + problem.id() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Grades many responses, as many at once as there are processors.
   *
   * @return verdicts in the order of the responses
   * @throws DataException as {@link #grade(Problem, String)}, for the first response it concerns
   */
  public List<Verdict> grade(List<Answered> responses) {
    // A grader that cannot be made fails here, once, and not in every thread.
    responses.stream().map(r -> r.problem().kind()).distinct().forEach(this::of);
    ExecutorService pool = workers();
    List<Future<Verdict>> pending = new ArrayList<>();
    responses.forEach(r -> pending.add(pool.submit(() -> grade(r.problem(), r.response()))));
    List<Verdict> verdicts = new ArrayList<>();
    try {
      for (Future<Verdict> verdict : pending) {
        verdicts.add(verdict.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("grading was interrupted; run again", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DataException bad) {
        throw new DataException(bad.getMessage(), e);
      }
      throw new IllegalStateException("a grader failed on a response", e.getCause());
    } finally {
      pending.forEach(verdict -> verdict.cancel(true));
    }
    return verdicts;
  }

  private synchronized ExecutorService workers() {
    if (workers == null) {
      workers =
          Executors.newFixedThreadPool(
              Runtime.getRuntime().availableProcessors(),
              new ThreadFactoryBuilder().setNameFormat("grader-%d").setDaemon(true).build());
    }
    return workers;
  }

  /** Closes the graders that were made. */
  @Override
  public synchronized void close() {
    if (workers != null) {
      workers.shutdownNow();
    }
    for (Grader grader : made.values()) {
      if (grader instanceof AutoCloseable closeable) {
        close(closeable);
      }
    }
    made.clear();
  }

  private static void close(AutoCloseable grader) {
    try {
      grader.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new DataException("a grader cannot be closed (" + e + ")", e);
    }
  }
}
