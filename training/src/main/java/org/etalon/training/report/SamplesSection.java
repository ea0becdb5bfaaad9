package org.etalon.training.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A few rollouts of the first and the last step, right and wrong ones of different prompts. */
final class SamplesSection {
  private static final int PER_STEP = 4;
  private static final int MOST_CHARACTERS = 3000;

  private SamplesSection() {}

  static String html(RunData data) {
    if (data.samples().isEmpty()) {
      return "";
    }
    int first = data.samples().get(0).step();
    int last = data.samples().get(data.samples().size() - 1).step();
    var body = new StringBuilder();
    steps(first, last)
        .forEach(
            step -> {
              body.append("<h3>Step ").append(step).append("</h3>\n");
              choose(data.samples().stream().filter(s -> s.step() == step).toList())
                  .forEach(sample -> body.append(details(sample)));
            });
    return Html.section(
        "samples",
        "Samples",
        "A few rollouts; those of every step are in <code>mgpo/samples</code>.",
        body.toString());
  }

  private static List<Integer> steps(int first, int last) {
    return first == last ? List.of(first) : List.of(last, first);
  }

  /** Right and wrong ones in turn, each of another prompt where there are enough. */
  private static List<RolloutSample> choose(List<RolloutSample> samples) {
    var chosen = new ArrayList<RolloutSample>();
    Set<String> prompts = new HashSet<>();
    for (int i = 0; i < PER_STEP; i++) {
      boolean right = i % 2 == 0;
      samples.stream()
          .filter(s -> (s.reward() > 0.5) == right && !prompts.contains(s.prompt()))
          .findFirst()
          .ifPresent(
              sample -> {
                chosen.add(sample);
                prompts.add(sample.prompt());
              });
    }
    return chosen;
  }

  private static String details(RolloutSample s) {
    boolean right = s.reward() > 0.5;
    String numbers =
        String.format(
            Locale.ROOT,
            "reward %s · accuracy of the group %s · weight %s · advantage %+.3f",
            Html.number(s.reward()),
            Html.percent(s.accuracy()),
            Html.number(s.weight()),
            s.advantage());
    return """
        <details><summary><span class="tag %s">%s</span>%s</summary><div class="inside">
        <pre>%s</pre>
        <p class="sub">%s<br>expected answer: <code>%s</code></p>
        </div></details>
        """
        .formatted(
            right ? "right" : "wrong",
            right ? "right" : "wrong",
            Html.escape(shorten(s.prompt(), 300)),
            Html.escape(shorten(s.response(), MOST_CHARACTERS)),
            numbers,
            Html.escape(s.answer()));
  }

  private static String shorten(String text, int most) {
    return text.length() <= most
        ? text
        : text.substring(0, most) + " … (" + (text.length() - most) + " more characters)";
  }
}
