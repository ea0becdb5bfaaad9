package org.etalon.data.deduplicate;

import java.util.Arrays;
import java.util.Optional;
import org.etalon.data.problem.FingerprintTable;
import org.etalon.data.problem.Problem;

/**
 * Of problems that ask the same in the sense of {@link ExactDuplicates}, finds the one with the
 * most traces, the first of these. It must see every problem once before it can tell.
 *
 * <p>Memory: about 45 bytes a problem and the length of the ids that stay.
 */
public final class RichestDuplicates {
  private final FingerprintTable seen = new FingerprintTable();
  private int[] traces = new int[1 << 10];
  private long[] positions = new long[1 << 10];
  private String[] ids = new String[1 << 10];
  private long looked;

  /** Looks at the next problem of the first reading. */
  public void look(Problem problem) {
    long position = looked++;
    long number = seen.putIfAbsent(ExactDuplicates.fingerprint(problem), seen.size());
    int at = (int) (number < 0 ? seen.size() - 1 : number);
    if (at == traces.length) {
      int more = at + (at >> 1);
      traces = Arrays.copyOf(traces, more);
      positions = Arrays.copyOf(positions, more);
      ids = Arrays.copyOf(ids, more);
    }
    if (number < 0 || problem.traces().size() > traces[at]) {
      traces[at] = problem.traces().size();
      positions[at] = position;
      ids[at] = problem.id();
    }
  }

  /**
   * The id of the problem that stays in place of this one; empty if this one stays.
   *
   * @param position of the problem in the second reading, which has the order of the first
   */
  public Optional<String> stayingInsteadOf(Problem problem, long position) {
    int at = (int) seen.putIfAbsent(ExactDuplicates.fingerprint(problem), 0);
    return positions[at] == position ? Optional.empty() : Optional.of(ids[at]);
  }
}
