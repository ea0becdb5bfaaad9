package org.etalon.data.prepare;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;

/**
 * What a preparation read, dropped and wrote.
 *
 * @param isUpToDate whether the folder held the result already, so that nothing was done
 * @param steps reading first
 * @param outputs problems by output
 */
public record Summary(boolean isUpToDate, List<StepCount> steps, Map<String, Long> outputs) {
  /**
   * Counts of a step.
   *
   * @param in problems that came in; for reading, rows
   * @param kept problems that went on
   * @param reasons notes by reason; a problem that is kept may have notes, too
   */
  public record StepCount(String name, long in, long kept, Map<String, Long> reasons) {}

  static Summary upToDate() {
    return new Summary(true, List.of(), Map.of());
  }

  static Summary of(Tally tally, List<String> outputs) {
    ImmutableList.Builder<StepCount> steps = ImmutableList.builder();
    tally
        .steps()
        .forEach(
            (name, count) -> {
              if (!name.startsWith(Outputs.WRITTEN)) {
                steps.add(new StepCount(name, count.in(), count.kept(), count.reasons()));
              }
            });
    Map<String, Long> written = new java.util.LinkedHashMap<>();
    outputs.forEach(name -> written.put(name, tally.step(Outputs.WRITTEN + name).kept()));
    return new Summary(false, steps.build(), written);
  }

  /** Problems written. */
  public long problems() {
    return outputs.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The table a person reads. */
  public String table() {
    int width = steps.stream().mapToInt(step -> step.name().length()).max().orElse(4);
    String row = "%-" + Math.max(4, width) + "s %12s %12s %12s  %s%n";
    StringBuilder table = new StringBuilder(row.formatted("step", "in", "kept", "dropped", "why"));
    for (StepCount step : steps) {
      String why =
          String.join(
              ", ",
              step.reasons().entrySet().stream()
                  .map(reason -> reason.getKey() + " " + reason.getValue())
                  .toList());
      table.append(
          row.formatted(step.name(), step.in(), step.kept(), step.in() - step.kept(), why)
              .replaceAll(" +(?=\\R)", ""));
    }
    outputs.forEach(
        (name, count) -> table.append("%s.jsonl: %d problems%n".formatted(name, count)));
    return table.toString();
  }

  ObjectNode json() {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    ObjectNode json = nodes.objectNode();
    var list = json.putArray("steps");
    for (StepCount step : steps) {
      ObjectNode one = list.addObject();
      one.put("step", step.name());
      one.put("in", step.in());
      one.put("kept", step.kept());
      one.put("dropped", step.in() - step.kept());
      ObjectNode reasons = one.putObject("reasons");
      step.reasons().forEach(reasons::put);
    }
    ObjectNode written = json.putObject("outputs");
    outputs.forEach(written::put);
    return json;
  }
}
