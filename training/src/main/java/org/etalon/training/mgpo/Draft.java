package org.etalon.training.mgpo;

import java.util.Arrays;
import org.etalon.graph.rollout.Completion;

/**
 * A response so far.
 *
 * @param ids tokens drawn
 * @param logps ln p of each under the weights that drew it, nats
 * @param end whether it goes on
 */
record Draft(int[] ids, float[] logps, End end) {
  /** How far a response is. */
  enum End {
    /** It goes on. */
    OPEN,
    /** The model ended it. */
    STOPPED,
    /** A limit ended it. */
    CUT
  }

  static Draft empty() {
    return new Draft(new int[0], new float[0], End.OPEN);
  }

  boolean open() {
    return end == End.OPEN;
  }

  /**
   * With more tokens.
   *
   * @param limit longest response, tokens
   */
  Draft plus(Completion more, int limit) {
    int[] allIds = Arrays.copyOf(ids, ids.length + more.ids().length);
    float[] allLogps = Arrays.copyOf(logps, allIds.length);
    System.arraycopy(more.ids(), 0, allIds, ids.length, more.ids().length);
    System.arraycopy(more.logps(), 0, allLogps, ids.length, more.ids().length);
    End now = allIds.length < limit ? End.OPEN : End.CUT;
    return new Draft(allIds, allLogps, more.finish() == Completion.Finish.STOP ? End.STOPPED : now);
  }

  /** The same, cut here if it is open. */
  Draft closed() {
    return open() ? new Draft(ids, logps, End.CUT) : this;
  }

  /** What a closed draft has become. */
  Completion completion() {
    return new Completion(
        ids, logps, end == End.STOPPED ? Completion.Finish.STOP : Completion.Finish.LENGTH);
  }
}
