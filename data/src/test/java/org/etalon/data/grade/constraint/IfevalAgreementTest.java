package org.etalon.data.grade.constraint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Verdicts of IFEval's own checkers ({@code compare_constraints.py make 60}, lm-eval 0.4.8, nltk
 * 3.10.4, langdetect 1.0.9 seeded with 0) on 172 responses under 25 rules, strict and loose. Where
 * ours differ is listed in {@code ifeval_disagreements.tsv} with our judgement.
 */
class IfevalAgreementTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void verdictsDifferWhereTheTableSaysAndNowhereElse() throws IOException {
    List<String> lines = lines("ifeval_cases.jsonl");
    JsonNode ids = MAPPER.readTree(lines.get(0));
    List<String> differences = new ArrayList<>();
    for (int n = 1; n < lines.size(); n++) {
      JsonNode fields = MAPPER.readTree(lines.get(n));
      List<NamedRule> rules = RuleReader.parallel(ids, fields.get("kwargs"));
      List<RuleResult> results =
          ConstraintGrader.results(rules, fields.get("response").textValue());
      for (int i = 0; i < results.size(); i++) {
        RuleResult result = results.get(i);
        add(differences, n, "strict", result.rule(), result.strict(), fields, i);
        add(differences, n, "loose", result.rule(), result.loose(), fields, i);
      }
    }
    List<String> listed =
        lines("ifeval_disagreements.tsv").stream()
            .map(line -> String.join("\t", Splitter.on('\t').splitToList(line).subList(0, 4)))
            .toList();
    assertEquals(String.join("\n", listed), String.join("\n", differences));
  }

  private static void add(
      List<String> differences,
      int line,
      String mode,
      String rule,
      boolean kept,
      JsonNode fields,
      int at) {
    boolean theirs = fields.get(mode).textValue().charAt(at) == '1';
    if (theirs != kept) {
      differences.add(line + "\t" + rule + "\t" + mode + "\t" + (kept ? "kept" : "broken"));
    }
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream in = IfevalAgreementTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
