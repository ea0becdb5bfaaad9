package org.etalon.training.mgpo;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.loss.GroupAdvantage;
import org.etalon.graph.rollout.TrainedResponse;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.policy.Graded;
import org.etalon.training.policy.Response;

/**
 * The responses of one update and what their tokens count. Token ids and old log-probabilities are
 * exactly those that were sampled; text is never tokenised again.
 */
final class RolloutBatch {
  /** A response in the loss, of a group of {@code group} responses. */
  private record Kept(Response response, double advantage, int group) {}

  private RolloutBatch() {}

  /**
   * The responses of informative groups with their token weights: 1/(groups · G · own tokens) for
   * the paper's mean of means, 1/(all tokens) for the token mean. G is the group's own number of
   * responses; a group of one carries no signal and is left out.
   */
  static List<TrainedResponse> responses(
      List<Graded> groups, List<GroupAdvantage.Group> advantages, MgpoSettings settings) {
    List<Kept> all = new ArrayList<>();
    int kept = 0;
    long tokens = 0;
    for (int g = 0; g < groups.size(); g++) {
      List<Response> responses = groups.get(g).responses();
      boolean flat = settings.dropUninformative() && !advantages.get(g).informative();
      if (flat || responses.size() < 2) {
        continue;
      }
      kept++;
      for (int i = 0; i < responses.size(); i++) {
        Response response = responses.get(i);
        if (response.truncated() && settings.truncated() == MgpoSettings.Truncated.MASK) {
          continue;
        }
        tokens += response.completion().ids().length;
        all.add(new Kept(response, advantages.get(g).advantages()[i], responses.size()));
      }
    }
    boolean sequences = settings.aggregation() == MgpoSettings.Aggregation.SEQUENCE_MEAN;
    List<TrainedResponse> weighted = new ArrayList<>();
    for (Kept one : all) {
      double own = one.response.completion().ids().length;
      double weight = sequences ? 1 / (kept * one.group * own) : 1.0 / tokens;
      weighted.add(
          new TrainedResponse(
              one.response.prompt(), one.response.completion(), one.advantage, weight));
    }
    return weighted;
  }
}
