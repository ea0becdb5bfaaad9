package org.etalon.training.mgpo;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.etalon.data.problem.Problem;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;

/**
 * A group while its responses are drawn.
 *
 * @param prompt token ids of the framed prompt
 * @param since the step that began it, from 0
 * @param limit longest response, tokens
 * @param drafts its responses so far
 */
record OpenGroup(Problem problem, int[] prompt, long since, int limit, List<Draft> drafts) {
  OpenGroup {
    drafts = ImmutableList.copyOf(drafts);
  }

  static OpenGroup begin(Problem problem, int[] prompt, long since, int limit, int rollouts) {
    return new OpenGroup(
        problem, prompt, since, limit, Collections.nCopies(rollouts, Draft.empty()));
  }

  boolean open() {
    return openDrafts() > 0;
  }

  int openDrafts() {
    return (int) drafts.stream().filter(Draft::open).count();
  }

  /**
   * What one of its open responses asks for.
   *
   * @param most most tokens to draw now
   */
  Request request(int response, long sequence, int most) {
    int[] ids = drafts.get(response).ids();
    int[] begun = prompt;
    if (ids.length > 0) {
      begun = Arrays.copyOf(prompt, prompt.length + ids.length);
      System.arraycopy(ids, 0, begun, prompt.length, ids.length);
    }
    return new Request(begun, sequence, ids.length, Math.min(most, limit - ids.length));
  }

  /**
   * With more tokens of its open responses.
   *
   * @param more in the order of those responses
   */
  OpenGroup plus(List<Completion> more) {
    var next = more.iterator();
    return with(drafts.stream().map(d -> d.open() ? d.plus(next.next(), limit) : d).toList());
  }

  /** The same with every open response cut where it is. */
  OpenGroup closed() {
    return with(drafts.stream().map(Draft::closed).toList());
  }

  private OpenGroup with(List<Draft> others) {
    return new OpenGroup(problem, prompt, since, limit, others);
  }
}
