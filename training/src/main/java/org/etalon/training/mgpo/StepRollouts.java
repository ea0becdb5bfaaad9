package org.etalon.training.mgpo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.Rollouts;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.Response;
import org.etalon.training.policy.RolloutSource;
import org.etalon.training.policy.Seeds;

/**
 * Draws the responses of each step. Where rollouts are partial, a response stops after so many
 * tokens and goes on in the next step: what it has is prefilled with the new weights, and each
 * token keeps the log-probability of the weights that drew it. The last step of all cuts none.
 */
final class StepRollouts {
  private final MgpoSettings settings;
  private final long seed;
  private final Policy policy;
  private final RolloutSource source;
  private List<OpenGroup> carried = List.of();

  /**
   * @param source draws them; stays the caller's, as does the policy
   */
  StepRollouts(MgpoSettings settings, long seed, Policy policy, RolloutSource source) {
    this.settings = settings;
    this.seed = seed;
    this.policy = policy;
    this.source = source;
  }

  /**
   * The groups whose responses have all ended.
   *
   * @param responses of each problem
   * @param figures what it took
   */
  record Drawn(
      List<Problem> problems, List<List<Response>> responses, Map<String, Object> figures) {}

  private boolean partial() {
    return settings.partialRollouts() == MgpoSettings.PartialRollouts.ON;
  }

  /**
   * Draws for new prompts and for what was carried over.
   *
   * @param updates optimizer steps that the policy has done
   */
  Drawn draw(long step, List<Problem> prompts, long updates) {
    int limit = settings.stageAt((int) step).maxNewTokens();
    List<OpenGroup> groups = new ArrayList<>();
    for (Problem problem : prompts) {
      int[] prompt = policy.prompt(problem, limit);
      groups.add(OpenGroup.begin(problem, prompt, step, limit, settings.rollouts()));
    }
    groups.addAll(carried);
    source.advance(updates);
    Rollouts rollouts = rollouts(step, groups);
    List<OpenGroup> ended = new ArrayList<>();
    List<OpenGroup> unfinished = new ArrayList<>();
    int from = 0;
    for (OpenGroup group : groups) {
      List<Completion> own = rollouts.completions().subList(from, from + group.openDrafts());
      from += group.openDrafts();
      OpenGroup now = group.plus(own);
      boolean stale = step - group.since() >= settings.maxStaleness();
      (now.open() && !stale ? unfinished : ended).add(now);
    }
    carried = List.copyOf(unfinished);
    return drawn(step, ended);
  }

  private Rollouts rollouts(long step, List<OpenGroup> groups) {
    int limit = groups.stream().mapToInt(OpenGroup::limit).max().orElseThrow();
    int longest = groups.stream().mapToInt(g -> g.prompt().length).max().orElseThrow();
    boolean cuts = partial() && step + 1 < settings.steps();
    int most = cuts ? Math.min(limit, settings.tokensPerStep()) : limit;
    List<Request> requests = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      for (int i = 0; i < settings.rollouts(); i++) {
        if (groups.get(g).drafts().get(i).open()) {
          long sequence = (long) g * settings.rollouts() + i;
          requests.add(groups.get(g).request(i, sequence, most));
        }
      }
    }
    var sampling =
        new Sampling(
            settings.temperature(), settings.topK(), settings.topP(), Seeds.of(seed, "mgpo", step));
    // What has been drawn of a response is part of its prompt then.
    int prefix = partial() ? longest + limit : longest;
    return source.rollouts(requests, prefix, most, settings.slots(), sampling, tokens -> {});
  }

  private Drawn drawn(long step, List<OpenGroup> ended) {
    List<Problem> problems = new ArrayList<>();
    List<List<Response>> responses = new ArrayList<>();
    for (OpenGroup group : ended) {
      problems.add(group.problem());
      responses.add(
          group.closed().drafts().stream()
              .map(draft -> policy.response(group.prompt(), draft.completion()))
              .toList());
    }
    Map<String, Object> figures = new LinkedHashMap<>(source.figures());
    if (partial()) {
      figures.put("partial/carried", carried.stream().mapToInt(OpenGroup::openDrafts).sum());
      figures.put("partial/cut_as_stale", ended.stream().mapToInt(OpenGroup::openDrafts).sum());
      ended.stream()
          .mapToLong(group -> step - group.since())
          .max()
          .ifPresent(most -> figures.put("partial/staleness_max", most));
      ended.stream()
          .mapToLong(group -> step - group.since())
          .average()
          .ifPresent(mean -> figures.put("partial/staleness_mean", mean));
    }
    return new Drawn(problems, responses, figures);
  }

  /** Writes what is carried to the next step beside a checkpoint's tensors. */
  void save(Path tensors) {
    if (partial()) {
      CarriedGroups.write(tensors.resolveSibling(CarriedGroups.FILE), carried);
    }
  }

  /**
   * Goes on with what a checkpoint carried.
   *
   * @throws DataException if it names a problem that is not there any more
   */
  void restore(Path tensors, List<Problem> problems) {
    if (!partial()) {
      return;
    }
    Map<String, Problem> byId =
        problems.stream().collect(Collectors.toMap(Problem::id, problem -> problem, (a, b) -> a));
    Path file = tensors.resolveSibling(CarriedGroups.FILE);
    carried =
        CarriedGroups.read(
            file,
            line -> {
              Problem problem = byId.get(line.id());
              if (problem == null) {
                throw new DataException(
                    "%s: there is no problem %s in data.rl; restore it or start the stage anew"
                        .formatted(file, line.id()));
              }
              int[] prompt = policy.prompt(problem, line.limit());
              return new OpenGroup(problem, prompt, line.since(), line.limit(), line.drafts());
            });
  }
}
