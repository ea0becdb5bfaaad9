package org.etalon.data.grade.constraint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;
import org.etalon.data.problem.Utf8Lines;

/**
 * Grades a file of responses with their rules, one JSON object a line.
 *
 * <p>A line has {@code id} (or IFEval's {@code key}), {@code response} and the rules, either as
 * {@code rules} (any layout of {@link ConstraintGrader}) or as {@code instruction_id_list} and
 * {@code kwargs}; {@code prompt} is passed over.
 */
public final class ConstraintFile {
  private static final ImmutableList<String> FIELDS =
      ImmutableList.of("id", "key", "prompt", "response", "rules", "instruction_id_list", "kwargs");

  private ConstraintFile() {}

  /**
   * How many responses and rules there were, and how many were kept.
   *
   * @param responses all responses
   * @param strict those that keep all their rules as they stand
   * @param loose those each of whose rules is kept by some variant
   * @param rules all rules of all responses
   * @param rulesStrict those kept by the response as it stands
   * @param rulesLoose those kept by some variant
   */
  public record Counts(
      int responses, int strict, int loose, int rules, int rulesStrict, int rulesLoose) {
    private static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    private Counts with(List<RuleResult> results) {
      int keptStrict = (int) results.stream().filter(RuleResult::strict).count();
      int keptLoose = (int) results.stream().filter(RuleResult::loose).count();
      return new Counts(
          responses + 1,
          strict + (keptStrict == results.size() ? 1 : 0),
          loose + (keptLoose == results.size() ? 1 : 0),
          rules + results.size(),
          rulesStrict + keptStrict,
          rulesLoose + keptLoose);
    }
  }

  /**
   * Writes a line for each line: {@code {"id", "correct", "correct_loose", "rules": [{"rule",
   * "strict", "loose", "reason"}]}}.
   *
   * @throws DataException naming file and line of what is no response with rules
   */
  public static Counts grade(Path input, Path output) {
    Counts[] counts = {Counts.NONE};
    AtomicFile.write(
        output,
        out -> {
          try (Utf8Lines lines = new Utf8Lines(input)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
              if (!line.isBlank()) {
                JsonNode fields = parse(lines.place(), line);
                List<RuleResult> results = results(lines.place(), fields);
                counts[0] = counts[0].with(results);
                String row = verdict(id(lines.place(), fields), results).toString() + "\n";
                out.write(row.getBytes(StandardCharsets.UTF_8));
              }
            }
          }
        });
    return counts[0];
  }

  private static JsonNode parse(String place, String line) throws IOException {
    JsonNode fields;
    try {
      fields = RuleReader.MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new DataException(
          place + ": expected a JSON object (" + e.getOriginalMessage() + "); correct the line", e);
    }
    if (!fields.isObject()) {
      throw new DataException(place + ": expected a JSON object; correct the line");
    }
    fields
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!FIELDS.contains(name)) {
                throw unknown(place, name);
              }
            });
    return fields;
  }

  private static DataException unknown(String place, String name) {
    String shown = Ascii.truncate(name, 80, "…");
    Optional<String> near = NearestName.of(shown, FIELDS);
    return new DataException(
        "%s: unknown field \"%s\"; known are %s; %s"
            .formatted(
                place,
                shown,
                FIELDS,
                near.map(other -> "did you mean \"" + other + "\"?").orElse("remove it")));
  }

  private static JsonNode id(String place, JsonNode fields) {
    JsonNode id = fields.has("id") ? fields.get("id") : fields.path("key");
    if (!id.isTextual() && !id.isIntegralNumber()) {
      throw new DataException(place + ": expected field \"id\", a text or whole number; add it");
    }
    return id;
  }

  private static List<RuleResult> results(String place, JsonNode fields) {
    if (!fields.path("response").isTextual()) {
      throw new DataException(place + ": expected field \"response\", a text; add it");
    }
    boolean own = fields.has("rules");
    if (own == fields.has("instruction_id_list")) {
      throw new DataException(
          place + ": expected either \"rules\" or \"instruction_id_list\"; keep one of them");
    }
    try {
      ImmutableList<NamedRule> rules =
          own
              ? RuleReader.read(fields.get("rules"))
              : RuleReader.parallel(fields.get("instruction_id_list"), fields.path("kwargs"));
      return ConstraintGrader.results(rules, fields.get("response").textValue());
    } catch (DataException e) {
      throw new DataException(place + ": " + e.getMessage(), e);
    }
  }

  private static ObjectNode verdict(JsonNode id, List<RuleResult> results) {
    ObjectNode verdict = RuleReader.MAPPER.createObjectNode();
    verdict.set("id", id);
    verdict.put("correct", results.stream().allMatch(RuleResult::strict));
    verdict.put("correct_loose", results.stream().allMatch(RuleResult::loose));
    var rules = verdict.putArray("rules");
    for (RuleResult result : results) {
      rules
          .addObject()
          .put("rule", result.rule())
          .put("strict", result.strict())
          .put("loose", result.loose())
          .put("reason", result.reason());
    }
    return verdict;
  }
}
