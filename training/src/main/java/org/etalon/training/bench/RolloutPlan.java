package org.etalon.training.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.etalon.data.AtomicFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.rollout.Request;

/**
 * A fixed list of prompts and lengths to generate; nothing ends early.
 *
 * @param slots sequences decoded side by side
 * @param group responses to each prompt, which share its array
 * @param prompts random tokens
 * @param lengths tokens to generate for each response, the groups one after another
 */
record RolloutPlan(
    int slots, int group, ImmutableList<int[]> prompts, ImmutableList<Integer> lengths) {
  private static final ObjectMapper JSON = new ObjectMapper();

  RolloutPlan {
    if (slots < 1 || group < 1 || lengths.size() != prompts.size() * group) {
      throw new IllegalArgumentException(
          "expected slots, and a length for each of %d prompts times %d responses, got %d slots and %d lengths"
              .formatted(prompts.size(), group, slots, lengths.size()));
    }
  }

  /** Every slot generates the same number of tokens after one shared prompt. */
  static RolloutPlan equal(int slots, int prompt, int tokens, int vocabulary, long seed) {
    return spread(slots, 1, slots, prompt, tokens, tokens, vocabulary, seed);
  }

  /**
   * Lengths from {@code least} to {@code most} in equal steps, in an order by seed: a few long
   * responses among many short ones are what a rollout engine has to cope with.
   */
  static RolloutPlan spread(
      int slots,
      int groups,
      int group,
      int prompt,
      int least,
      int most,
      int vocabulary,
      long seed) {
    if (groups < 1 || group < 1 || prompt < 1 || least < 2 || most < least) {
      throw new IllegalArgumentException(
          "expected at least 1 prompt, 1 response each, 1 token a prompt and 2 tokens a response, got %d, %d, %d and %d to %d"
              .formatted(groups, group, prompt, least, most));
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      int[] ids = new int[prompt];
      Arrays.setAll(ids, t -> random.nextInt(vocabulary));
      prompts.add(ids);
    }
    int count = groups * group;
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lengths.add(least + (int) Math.round((double) (most - least) * i / Math.max(1, count - 1)));
    }
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int length = lengths.get(i);
      lengths.set(i, lengths.get(other));
      lengths.set(other, length);
    }
    return new RolloutPlan(
        slots, group, ImmutableList.copyOf(prompts), ImmutableList.copyOf(lengths));
  }

  /** The responses as the engine takes them. */
  List<Request> requests() {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < lengths.size(); i++) {
      requests.add(new Request(prompts.get(i / group), i, lengths.get(i)));
    }
    return requests;
  }

  int prompt() {
    return prompts.get(0).length;
  }

  int longest() {
    return lengths.stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  /** Tokens to generate in all. */
  int tokens() {
    return lengths.stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * What generating all of it takes at least: each prompt runs once, and the matrices are read in
   * as few steps as the slots and the longest response allow.
   */
  Work work(ModelConfig config, WeightType type) {
    Flops flops = new Flops(config);
    Traffic traffic = new Traffic(config, type);
    double operations = prompts.size() * flops.forward(prompt());
    double positions = 0;
    for (int length : lengths) {
      // The prompt's run gives the first token; each later one reads all positions before it.
      double steps = length - 1.0;
      double context = prompt() + length / 2.0;
      operations += steps * flops.decoding((int) Math.round(context));
      positions += steps * context;
    }
    double steps = Math.max(longest() - 1, (tokens() - lengths.size()) / (double) slots);
    return new Work(
        tokens(), operations, steps * traffic.weights() + positions * traffic.keyValues());
  }

  /** Writes {@code {"slots", "group", "prompts", "lengths"}} for another program. */
  void write(Path file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("slots", slots);
    json.put("group", group);
    json.put("prompts", prompts);
    json.put("lengths", lengths);
    AtomicFile.write(file, out -> out.write(JSON.writeValueAsBytes(json)));
  }

  /** For the record. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("rows", slots);
    facts.put("prompts", prompts.size());
    facts.put("group", group);
    facts.put("prompt_tokens", prompt());
    facts.put("shortest", lengths.stream().mapToInt(Integer::intValue).min().orElseThrow());
    facts.put("longest", longest());
    facts.put("tokens", tokens());
    return facts;
  }
}
