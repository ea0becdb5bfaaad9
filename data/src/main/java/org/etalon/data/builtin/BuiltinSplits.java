package org.etalon.data.builtin;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.etalon.data.problem.Problem;

/**
 * Built-in problems by use; no question is in two of the lists.
 *
 * <p>Within each list the families alternate, so that any prefix is nearly balanced.
 *
 * @param sft problems with traces, for the spectrum phase
 * @param rl problems without traces, for the signal phase
 * @param probe the probing sets of all subdomains
 * @param test held-out problems
 */
public record BuiltinSplits(
    List<Problem> sft, List<Problem> rl, List<Problem> probe, List<Problem> test) {
  public BuiltinSplits {
    sft = ImmutableList.copyOf(sft);
    rl = ImmutableList.copyOf(rl);
    probe = ImmutableList.copyOf(probe);
    test = ImmutableList.copyOf(test);
  }
}
