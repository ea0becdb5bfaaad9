package org.etalon.data.problem;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.etalon.data.DataException;

/**
 * One problem with a verifiable answer and, for supervised distillation, reasoning traces.
 *
 * @param id unique within a dataset
 * @param subdomain the part of the domain it belongs to, e.g. {@code algebra}; specialists are
 *     chosen per subdomain (paper: §3.3)
 * @param prompt the question as the model sees it
 * @param answer the gold answer a grader compares with
 * @param traces complete responses that end in the answer; may be empty
 * @param kind what sort of answer it is
 */
public record Problem(
    String id, String subdomain, String prompt, String answer, List<String> traces, Kind kind) {
  public Problem {
    required("id", id, id);
    required("subdomain", subdomain, id);
    required("prompt", prompt, id);
    required("answer", answer, id);
    traces = ImmutableList.copyOf(traces);
  }

  /** A mathematical problem. */
  public Problem(String id, String subdomain, String prompt, String answer, List<String> traces) {
    this(id, subdomain, prompt, answer, traces, Kind.MATH);
  }

  /** This problem with other traces. */
  public Problem withTraces(List<String> newTraces) {
    return new Problem(id, subdomain, prompt, answer, newTraces, kind);
  }

  private static void required(String field, String value, String id) {
    if (value == null || value.isBlank()) {
      throw new DataException(
          "problem " + id + " has no " + field + "; every problem needs a non-empty " + field);
    }
  }
}
