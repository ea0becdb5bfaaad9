package org.etalon.training.mgpo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.etalon.graph.loss.GroupAdvantage;
import org.etalon.training.policy.Graded;
import org.etalon.training.policy.Response;

/** What the groups of one rollout step look like, and the same as lines for people to read. */
final class GroupStats {
  private GroupStats() {}

  /**
   * Figures over the responses that could be graded; without groups only what can be counted.
   *
   * @param rollouts responses drawn per prompt
   */
  static Map<String, Object> values(
      List<Graded> groups,
      List<GroupAdvantage.Group> advantages,
      List<double[]> rewards,
      int rollouts) {
    var reward = new DescriptiveStatistics();
    var deviation = new DescriptiveStatistics();
    var weight = new DescriptiveStatistics();
    var length = new DescriptiveStatistics();
    int[] histogram = new int[rollouts + 1];
    int flat = 0;
    int truncated = 0;
    for (int g = 0; g < groups.size(); g++) {
      var own = new DescriptiveStatistics(rewards.get(g));
      deviation.addValue(own.getStandardDeviation());
      for (double r : rewards.get(g)) {
        reward.addValue(r);
      }
      histogram[groups.get(g).right()]++;
      flat += advantages.get(g).informative() ? 0 : 1;
      if (advantages.get(g).informative()) {
        weight.addValue(advantages.get(g).weight());
      }
      for (Response response : groups.get(g).responses()) {
        length.addValue(response.completion().ids().length);
        truncated += response.truncated() ? 1 : 0;
      }
    }
    Map<String, Object> values = new LinkedHashMap<>();
    if (groups.isEmpty()) {
      values.put("mgpo/accuracy_histogram", histogram);
      values.put("num_tokens", 0L);
      return values;
    }
    values.put("reward", reward.getMean());
    values.put("reward_std", deviation.getMean());
    values.put("frac_reward_zero_std", (double) flat / groups.size());
    values.put("completions/mean_length", length.getMean());
    values.put("completions/max_length", length.getMax());
    values.put("completions/clipped_ratio", (double) truncated / length.getN());
    if (weight.getN() > 0) {
      values.put("mgpo/weight_mean", weight.getMean());
    }
    values.put("mgpo/accuracy_histogram", histogram);
    values.put("num_tokens", (long) length.getSum());
    return values;
  }

  /** One record per response of the first groups. */
  static List<Map<String, Object>> samples(
      long step,
      List<Graded> groups,
      List<GroupAdvantage.Group> advantages,
      List<double[]> rewards) {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      Graded group = groups.get(g);
      for (int i = 0; i < group.responses().size(); i++) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("id", group.problem().id());
        line.put("prompt", group.problem().prompt());
        line.put("response", group.responses().get(i).text());
        line.put("answer", group.problem().answer());
        line.put("reward", rewards.get(g)[i]);
        line.put("correct", group.verdicts().get(i).correct());
        line.put("truncated", group.responses().get(i).truncated());
        line.put("tokens", group.responses().get(i).completion().ids().length);
        line.put("accuracy", advantages.get(g).accuracy());
        line.put("weight", advantages.get(g).weight());
        line.put("advantage", advantages.get(g).advantages()[i]);
        lines.add(line);
      }
    }
    return lines;
  }
}
