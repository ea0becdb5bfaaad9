package org.etalon.training.plan;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.etalon.data.DataException;
import org.etalon.data.builtin.BuiltinSplits;
import org.etalon.data.manifest.Manifest;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.TokenizerFile;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.decontaminate.Decontaminate;
import org.etalon.training.policy.Policy;
import org.etalon.training.run.Stage;

/** The problem sets of a run that may not have begun. */
record RunData(BuiltinSplits sets) {
  /** Our choice: of the texts with most characters this many are counted in tokens. */
  private static final int LONGEST = 256;

  /** Those that a run folder holds, else those that the configuration names. */
  static RunData of(Configuration c, Optional<Path> out) {
    Optional<Path> data = out.map(folder -> folder.resolve(Stage.DATA.folderName()));
    return data.filter(Manifest::exists)
        .map(RunData::ofRun)
        .orElseGet(() -> new RunData(Decontaminate.sets(c)));
  }

  /** Those in a run's folder of data. */
  static RunData ofRun(Path data) {
    return new RunData(
        new BuiltinSplits(
            ProblemFile.read(data.resolve("sft.jsonl")),
            ProblemFile.read(data.resolve("rl.jsonl")),
            ProblemFile.read(data.resolve("probe.jsonl")),
            ProblemFile.read(data.resolve("test.jsonl"))));
  }

  private List<Problem> of(Stage stage) {
    return switch (stage) {
      case MGPO -> sets.rl();
      case PROBE -> sets.probe();
      case EVAL -> sets.test();
      default -> List.of();
    };
  }

  /** Tokens of the longest prompt that a stage draws responses to; 1 where it draws none. */
  int longestPrompt(Stage stage, Configuration c) {
    if (of(stage).isEmpty()) {
      return 1;
    }
    try (TokenizerFile tokenizer = Policy.tokenizer(c)) {
      return longestPrompt(of(stage), ChatTemplate.of(tokenizer));
    }
  }

  private static int longestPrompt(List<Problem> problems, ChatTemplate template) {
    return longest(problems, problem -> problem.prompt().length()).stream()
        .mapToInt(problem -> template.prompt(problem.prompt()).length)
        .max()
        .orElse(1);
  }

  private static List<Problem> longest(List<Problem> problems, ToIntFunction<Problem> length) {
    return problems.stream()
        .sorted(Comparator.comparingInt(length).reversed())
        .limit(LONGEST)
        .toList();
  }

  /**
   * Refuses what stages would refuse when they start: traces longer than a row, prompts without
   * room in the window.
   */
  void check(List<Stage> stages, Configuration c) {
    try (TokenizerFile tokenizer = Policy.tokenizer(c)) {
      ChatTemplate template = ChatTemplate.of(tokenizer);
      int window = Policy.shape(c).maxPositions();
      for (Stage stage : stages) {
        int room = room(stage, c);
        int prompt = of(stage).isEmpty() ? 0 : longestPrompt(of(stage), template);
        if (prompt + room > window) {
          throw new DataException(
              "%s: a prompt of %d tokens and %d new tokens exceed the model's window of %d; shorten the prompt, lower maxNewTokens or raise model.maxPositions"
                  .formatted(stage.folderName(), prompt, room, window));
        }
      }
      if (stages.contains(Stage.SFT)) {
        checkTraces(template, c.sft().length());
      }
    }
  }

  private static int room(Stage stage, Configuration c) {
    return switch (stage) {
      case MGPO ->
          c.mgpo().stages().stream().mapToInt(MgpoSettings.Stage::maxNewTokens).max().orElse(0);
      case PROBE -> c.probe().maxNewTokens();
      case EVAL -> c.eval().maxNewTokens();
      default -> 0;
    };
  }

  private void checkTraces(ChatTemplate template, int length) {
    for (Problem problem : longest(sets.sft(), RunData::characters)) {
      for (String trace : problem.traces()) {
        int tokens = template.example(problem.prompt(), trace).length();
        if (tokens > length) {
          throw new DataException(
              "problem %s with a trace is %d tokens long but rows hold %d; raise sft.length"
                  .formatted(problem.id(), tokens, length));
        }
      }
    }
  }

  private static int characters(Problem problem) {
    return problem.prompt().length()
        + problem.traces().stream().mapToInt(String::length).max().orElse(0);
  }
}
