package org.etalon.data.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.etalon.data.DataException;
import org.etalon.data.problem.Kind;
import org.etalon.data.source.Columns;
import org.etalon.data.source.Layout;
import org.etalon.data.source.Layouts;

/**
 * How a problem set is made: what is read, what is done to it in which order, and what is written.
 *
 * @param seed of everything random
 * @param dropsBadRows whether a row that cannot be used is dropped and reported; otherwise it stops
 *     the preparation
 * @param maxBadShare share of bad rows above which it stops all the same, 0 to 1
 * @param numbersIds whether a repeated id gets a number behind it; otherwise it stops
 * @param inputs at least one, in the order they are read
 * @param steps in their order
 * @param splits the outputs
 * @param tree the recipe as it was read
 */
public record Recipe(
    long seed,
    boolean dropsBadRows,
    double maxBadShare,
    boolean numbersIds,
    List<Input> inputs,
    List<StepSpec> steps,
    Splits splits,
    JsonNode tree) {

  /** Bad rows above this share mean that the layout is wrong rather than the rows. */
  private static final double MAX_BAD_SHARE = 0.01;

  public Recipe {
    inputs = ImmutableList.copyOf(inputs);
    steps = ImmutableList.copyOf(steps);
  }

  /**
   * Files that are read in one way.
   *
   * @param paths files, or patterns with {@code *}, {@code **} and {@code ?}
   * @param layout how rows say what a problem is
   * @param kind in place of the layout's; empty to keep it
   * @param subdomain in place of the layout's; empty to keep it
   * @param limit problems read at most
   */
  public record Input(
      List<String> paths,
      Layout layout,
      Optional<Kind> kind,
      Optional<String> subdomain,
      long limit) {}

  /**
   * A step by name.
   *
   * @param place where the recipe has it, for complaints
   */
  public record StepSpec(String name, ObjectNode options, String place) {}

  /**
   * Reads a recipe.
   *
   * @param tree the document
   * @param where says where a dotted key stands, e.g. {@code recipe.yaml:7}
   * @throws DataException naming place, key, what was expected and what came
   */
  public static Recipe read(JsonNode tree, UnaryOperator<String> where) {
    Section top = Section.of("", tree, where);
    top.allow("seed", "onBadRow", "maxBadShare", "ids", "inputs", "steps", "splits");
    long seed = top.whole("seed", Long.MIN_VALUE, 1);
    return new Recipe(
        seed,
        top.choice("onBadRow", List.of("stop", "drop")).equals("drop"),
        top.number("maxBadShare", 0, 1, MAX_BAD_SHARE),
        top.choice("ids", List.of("keep", "number")).equals("number"),
        inputs(top, seed),
        steps(top),
        splits(top),
        tree.deepCopy());
  }

  private static List<Input> inputs(Section top, long seed) {
    JsonNode list = top.node().path("inputs");
    if (!list.isArray() || list.isEmpty()) {
      throw top.wrong("inputs", "a list of at least one {path: …}", list);
    }
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Section input = Section.of("inputs[" + i + "]", list.get(i), top.where());
      input.allow("path", "layout", "columns", "kind", "subdomain", "limit");
      inputs.add(
          new Input(
              input.texts("path"),
              layout(input, seed),
              input.text("kind").map(label -> kind(input, label)),
              input.text("subdomain"),
              input.whole("limit", 1, Long.MAX_VALUE)));
    }
    return inputs;
  }

  private static Kind kind(Section input, String label) {
    return Kind.of(label)
        .orElseThrow(
            () ->
                input.wrong(
                    "kind",
                    "one of " + Arrays.stream(Kind.values()).map(Kind::label).toList(),
                    input.node().get("kind")));
  }

  private static Layout layout(Section input, long seed) {
    if (!input.has("columns")) {
      try {
        return Layouts.named(input.text("layout").orElse(Layouts.AUTO), seed);
      } catch (DataException e) {
        throw new DataException(input.at("layout") + ": " + e.getMessage(), e);
      }
    }
    if (input.has("layout")) {
      throw new DataException(
          input.at("columns") + ": an input has a layout or columns, not both; remove one");
    }
    Section columns =
        Section.of(input.path() + ".columns", input.node().get("columns"), input.where());
    columns.allow("prompt", "answer", "traces", "subdomain", "id");
    for (String needed : List.of("prompt", "answer")) {
      if (columns.text(needed).isEmpty()) {
        throw columns.wrong(needed, "the name of a column", columns.node().path(needed));
      }
    }
    return new Columns(
        columns.text("prompt").orElseThrow(),
        columns.text("answer").orElseThrow(),
        columns.text("traces").orElse(""),
        columns.text("subdomain").orElse(""),
        columns.text("id").orElse(""));
  }

  private static List<StepSpec> steps(Section top) {
    JsonNode list = top.node().path("steps");
    if (list.isMissingNode() || list.isNull()) {
      return List.of();
    }
    if (!list.isArray()) {
      throw top.wrong("steps", "a list of steps", list);
    }
    List<StepSpec> steps = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String path = "steps[" + i + "]";
      String place = top.where().apply(path);
      JsonNode step = list.get(i);
      if (step.isTextual()) {
        steps.add(new StepSpec(step.asText(), JsonNodeFactory.instance.objectNode(), place));
        continue;
      }
      Section named = Section.of(path, step, top.where());
      if (named.entries().size() != 1) {
        throw new DataException(
            place + ": " + path + " must be a name or one {name: {option: value}}, got " + step);
      }
      Map.Entry<String, JsonNode> entry = named.entries().get(0);
      ObjectNode options =
          entry.getValue().isNull()
              ? JsonNodeFactory.instance.objectNode()
              : Section.of(path + "." + entry.getKey(), entry.getValue(), top.where()).node();
      steps.add(new StepSpec(entry.getKey(), options, place));
    }
    return steps;
  }

  private static Splits splits(Section top) {
    if (!top.has("splits")) {
      return Splits.NONE;
    }
    Section section = Section.of("splits", top.node().get("splits"), top.where());
    Map<String, Double> shares = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    String rest = "";
    for (Map.Entry<String, JsonNode> entry : section.entries()) {
      String name = entry.getKey();
      JsonNode value = entry.getValue();
      requireName(section, name);
      if (value.asText().equals("rest") && rest.isEmpty()) {
        rest = name;
      } else if (value.isIntegralNumber() && value.asLong() > 1) {
        counts.put(name, Math.toIntExact(section.whole(name, 1, 0)));
      } else {
        shares.put(name, section.number(name, 0, 1, 0));
      }
    }
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    boolean byShare = counts.isEmpty() && rest.isEmpty() && Math.abs(sum - 1) < 1e-9;
    boolean byCount = !counts.isEmpty() && !rest.isEmpty() && shares.isEmpty();
    if (!byShare && !byCount) {
      throw top.wrong(
          "splits",
          "shares that add up to 1, as {train: 0.9, test: 0.1}, or numbers of problems per"
              + " subdomain and a rest, as {test: 200, train: rest}",
          section.node());
    }
    return new Splits(shares, counts, rest);
  }

  private static void requireName(Section section, String name) {
    if (!name.matches("[A-Za-z0-9_-]{1,60}") || Preparation.RESERVED.contains(name)) {
      throw new DataException(
          section.at(name)
              + ": a split's name is a file's name: letters, digits, _ and -, not one of "
              + Preparation.RESERVED
              + "; got "
              + name);
    }
  }
}
