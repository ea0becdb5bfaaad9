package org.etalon.data.builtin;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;

/**
 * Draws the built-in problems of a set of families.
 *
 * <p>Every problem is a pure function of (seed, family, level, index), and its id says which, e.g.
 * {@code algebra/linear-equation/2/000123}.
 *
 * <p>Which split a question belongs to depends on a hash of its family and its parameters alone,
 * never on the seed or the order of drawing: a question drawn twice, at another level, with another
 * seed or in other words always falls into the same split.
 *
 * <p>Our choice: the hash takes the parameters without sign and in sorted order. Decontamination
 * (paper: §3.5) drops signs with the other symbols, so {@code 3x+5=20} and {@code 3x-5=20} would
 * count as one text; and a box of 2 by 3 by 4 is one of 4 by 3 by 2.
 */
public final class BuiltinProblems {
  /** Draws without a new question after which a level counts as exhausted. */
  private static final int PATIENCE = 2000;

  private enum Split {
    SFT(60),
    RL(20),
    PROBE(8),
    TEST(12);

    private final int percent;

    Split(int percent) {
      this.percent = percent;
    }

    static Split of(Family family, int... parameters) {
      String sorted =
          Arrays.stream(parameters)
              .map(Math::abs)
              .sorted()
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(","));
      int at = (int) Math.floorMod(Draw.hash(family.path() + ":" + sorted), 100L);
      for (Split split : values()) {
        at -= split.percent;
        if (at < 0) {
          return split;
        }
      }
      throw new IllegalStateException("the percentages of the splits must add up to 100");
    }
  }

  private BuiltinProblems() {}

  /** The split that a question with these parameters belongs to. */
  static String splitName(Family family, int... parameters) {
    return Split.of(family, parameters).name();
  }

  /**
   * Draws the splits a specification asks for, the same number (to within one) from every family.
   *
   * @throws DataException if a family has too few different questions up to the greatest level
   */
  public static BuiltinSplits generate(BuiltinSpec spec) {
    Map<Split, List<List<Problem>>> drawn = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      drawn.put(split, new ArrayList<>());
    }
    ImmutableList<Family> families = Families.of(spec.set());
    for (int i = 0; i < families.size(); i++) {
      Map<Split, Integer> wanted = new EnumMap<>(Split.class);
      wanted.put(Split.SFT, share(spec.sft(), i, families.size()));
      wanted.put(Split.RL, share(spec.rl(), i, families.size()));
      wanted.put(Split.PROBE, share(spec.probe(), i, families.size()));
      wanted.put(Split.TEST, share(spec.test(), i, families.size()));
      Map<Split, List<Problem>> ofFamily = drawFamily(families.get(i), wanted, spec);
      ofFamily.forEach((split, problems) -> drawn.get(split).add(problems));
    }
    return new BuiltinSplits(
        alternate(drawn.get(Split.SFT)),
        alternate(drawn.get(Split.RL)),
        alternate(drawn.get(Split.PROBE)),
        alternate(drawn.get(Split.TEST)));
  }

  /** The part of a total that falls to the family with this index. */
  private static int share(int total, int family, int families) {
    return total / families + (family < total % families ? 1 : 0);
  }

  private static Map<Split, List<Problem>> drawFamily(
      Family family, Map<Split, Integer> wanted, BuiltinSpec spec) {
    Map<Split, List<Problem>> problems = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      problems.put(split, new ArrayList<>());
    }
    Set<String> seen = new HashSet<>();
    for (int level = 1; level <= spec.maxLevel(); level++) {
      Map<Split, Integer> target = new EnumMap<>(Split.class);
      for (Split split : Split.values()) {
        target.put(split, wanted.get(split) * level / spec.maxLevel());
      }
      drawLevel(family, level, target, spec, seen, problems);
    }
    problems.forEach(
        (split, list) -> {
          if (list.size() < wanted.get(split)) {
            throw new DataException(
                "built-in family %s has %d different %s problems up to level %d, %d were asked for; "
                        .formatted(
                            family.path(),
                            list.size(),
                            split.name().toLowerCase(java.util.Locale.ROOT),
                            spec.maxLevel(),
                            wanted.get(split))
                    + "ask for fewer or raise maxLevel");
          }
          Collections.shuffle(
              list, new Draw(spec.seed() + ":" + family.path() + ":" + split.name()).random());
        });
    return problems;
  }

  /** Draws until every split has its target; what a small level cannot give, the next one does. */
  private static void drawLevel(
      Family family,
      int level,
      Map<Split, Integer> target,
      BuiltinSpec spec,
      Set<String> seen,
      Map<Split, List<Problem>> problems) {
    int idle = 0;
    for (int index = 0; idle < PATIENCE; index++) {
      if (problems.entrySet().stream()
          .allMatch(e -> e.getValue().size() >= target.get(e.getKey()))) {
        return;
      }
      String id = "%s/%d/%06d".formatted(family.path(), level, index);
      Draw draw = new Draw(spec.seed() + ":" + id);
      int[] parameters = family.draw(draw, level);
      Split split = Split.of(family, parameters);
      List<Problem> list = problems.get(split);
      if (list.size() < target.get(split) && seen.add(Arrays.toString(parameters))) {
        int traces = split == Split.SFT ? spec.tracesPerProblem() : 0;
        list.add(problem(id, family, family.pose(parameters), traces, draw));
        idle = 0;
      } else {
        idle++;
      }
    }
  }

  private static Problem problem(
      String id, Family family, Question question, int traces, Draw draw) {
    List<String> prompts = question.prompts();
    List<String> chosen = new ArrayList<>(question.traces());
    Collections.shuffle(chosen, draw.random());
    return new Problem(
        id,
        family.subdomain(),
        prompts.get(draw.in(0, prompts.size() - 1)),
        question.answer(),
        chosen.subList(0, traces));
  }

  private static List<Problem> alternate(List<List<Problem>> byFamily) {
    List<Problem> mixed = new ArrayList<>();
    int longest = byFamily.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < longest; i++) {
      for (List<Problem> problems : byFamily) {
        if (i < problems.size()) {
          mixed.add(problems.get(i));
        }
      }
    }
    return mixed;
  }
}
