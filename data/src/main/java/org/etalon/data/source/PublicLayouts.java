package org.etalon.data.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.etalon.data.grade.Options;
import org.etalon.data.grade.code.CodeTests;
import org.etalon.data.grade.code.LiveCodeBenchTests;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;

/**
 * The published layouts, those with the most telling columns first.
 *
 * <p>Our choice: a written solution is a trace where it ends in a box, for a trace is a complete
 * response; of model-written ones only those that the data set marks as right and complete.
 */
final class PublicLayouts {
  /** No answer a grader could check. */
  static final String NO_ANSWER = "no answer to check";

  private static final ImmutableList<String> PROMPTS =
      ImmutableList.of("problem", "question", "Problem", "Question");
  private static final ImmutableList<String> ANSWERS =
      ImmutableList.of("answer", "Answer", "final_answer", "expected_answer");
  private static final ImmutableList<String> SOLUTIONS = ImmutableList.of("solution", "Solution");
  private static final ImmutableList<String> SUBDOMAINS =
      ImmutableList.of("subject", "problem_type", "type", "topic", "domain", "subdomain");
  private static final ImmutableList<String> IDS =
      ImmutableList.of("unique_id", "uuid", "id", "ID", "problem_idx", "question_id");

  private PublicLayouts() {}

  static ImmutableList<PublicLayout> all(long seed) {
    return ImmutableList.of(
        PublicLayout.of(
            "gpqa",
            List.of("Question", "Correct Answer", "Incorrect Answer 1", "Incorrect Answer 2"),
            fields -> gpqa(fields, seed)),
        PublicLayout.of(
            "livecodebench",
            List.of("question_content", "starter_code", "public_test_cases"),
            PublicLayouts::liveCodeBench),
        PublicLayout.of(
            "dapo-processed",
            List.of("prompt", "source_prompt", "reward_model.ground_truth"),
            fields -> rewarded(fields, fields.text("prompt"))),
        PublicLayout.of(
            "verl",
            List.of("prompt[0].content", "reward_model.ground_truth"),
            fields -> rewarded(fields, lastUserMessage(fields))),
        PublicLayout.of(
            "openr1-math", List.of("problem", "answer", "generations"), PublicLayouts::openR1),
        PublicLayout.of(
            "numina-1.5",
            List.of("problem", "solution", "answer", "question_type", "problem_is_valid"),
            PublicLayouts::numina15),
        new PublicLayout(
            "gsm8k",
            ImmutableList.of("question", "answer"),
            (fields, row) -> fields.at("answer").asText().contains("#### "),
            PublicLayouts::gsm8k),
        PublicLayout.of(
            "math-500",
            List.of("problem", "solution", "answer", "subject", "unique_id"),
            PublicLayouts::questionAndAnswer),
        new PublicLayout(
            "numina-cot",
            ImmutableList.of("problem", "solution", "messages", "source"),
            (fields, row) -> !fields.has("answer"),
            PublicLayouts::solved),
        new PublicLayout(
            "math",
            ImmutableList.of("problem", "solution", "level", "type"),
            (fields, row) -> !fields.has("answer"),
            PublicLayouts::solved),
        new PublicLayout(
            "deepscaler",
            ImmutableList.of("problem", "answer", "solution"),
            (fields, row) -> fields.root().size() == 3,
            PublicLayouts::questionAndAnswer),
        // AIME and HMMT as many publish them, and whatever else asks and answers in plain columns.
        new PublicLayout(
            "question-answer",
            ImmutableList.of(),
            (fields, row) -> find(fields, PROMPTS) != null && find(fields, ANSWERS) != null,
            PublicLayouts::questionAndAnswer));
  }

  private static Mapped gpqa(Fields fields, long seed) {
    String id = fields.optional("Record ID").orElseGet(fields.row()::defaultId);
    List<String> wrong =
        Stream.of("Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3")
            .flatMap(column -> fields.optional(column).stream())
            .map(String::strip)
            .toList();
    Options options = Options.shuffled(fields.text("Correct Answer").strip(), wrong, id, seed);
    String subdomain = fields.optional("High-level domain").map(Columns::label).orElse("general");
    String prompt = fields.text("Question").strip() + "\n\n" + options.shown();
    return Mapped.of(
        new Problem(id, subdomain, prompt, String.valueOf(options.gold()), List.of(), Kind.OPTION));
  }

  /** The question with its starter code as a last fenced block; the answer is the tests. */
  private static Mapped liveCodeBench(Fields fields) {
    String question = fields.text("question_content");
    CodeTests tests =
        LiveCodeBenchTests.read(
            fields.text("public_test_cases"),
            fields.optional("private_test_cases").orElse(""),
            fields.optional("metadata").orElse(""),
            fields.row().place());
    return Mapped.of(
        new Problem(
            fields.optional("question_id").orElseGet(fields.row()::defaultId),
            fields.optional("difficulty").map(Columns::label).orElse("general"),
            fields
                .optional("starter_code")
                .map(starter -> question + "\n\n```python\n" + starter + "\n```")
                .orElse(question),
            tests.toJson(),
            List.of(),
            Kind.CODE));
  }

  /** Rows for verl: messages, and a rule-based reward's gold answer. */
  private static Mapped rewarded(Fields fields, String prompt) {
    Optional<String> answer = fields.optional("reward_model.ground_truth");
    if (answer.isEmpty()) {
      return Mapped.without(NO_ANSWER);
    }
    JsonNode index = fields.at("extra_info.index");
    // A number counts within its file only; DAPO has one name for all repetitions of a question.
    String id = index.isTextual() ? index.asText() : fields.row().defaultId();
    return Mapped.of(
        new Problem(
            id.isBlank() ? fields.row().defaultId() : id,
            "general",
            Instructions.stripped(prompt),
            answer.get(),
            List.of()));
  }

  private static String lastUserMessage(Fields fields) {
    JsonNode messages = fields.at("prompt");
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).path("role").asText().equals("user")) {
        return fields.text("prompt[" + i + "].content");
      }
    }
    throw fields.bad("prompt", "expected a message of the role user, got none");
  }

  private static Mapped openR1(Fields fields) {
    JsonNode generations = fields.at("generations");
    List<String> traces = new ArrayList<>();
    for (int i = 0; i < generations.size(); i++) {
      JsonNode text = generations.get(i);
      if (text.isTextual() && !text.asText().isBlank() && isMarkedRight(fields, i)) {
        traces.add(fields.text("generations[" + i + "]"));
      }
    }
    return checkable(fields, fields.text("problem"), fields.optional("answer"), traces);
  }

  private static boolean isMarkedRight(Fields fields, int i) {
    JsonNode complete = fields.at("is_reasoning_complete").path(i);
    JsonNode byRule = fields.at("correctness_math_verify").path(i);
    JsonNode byModel = fields.at("correctness_llama").path(i);
    boolean unmarked = !byRule.isBoolean() && !byModel.isBoolean();
    return complete.asBoolean(true) && (unmarked || byRule.asBoolean() || byModel.asBoolean());
  }

  private static Mapped numina15(Fields fields) {
    boolean proof = fields.optional("question_type").orElse("").equals("proof");
    return proof ? Mapped.without(NO_ANSWER) : questionAndAnswer(fields);
  }

  /** The rationale with its calculator's marks taken out, and the answer in a box. */
  private static Mapped gsm8k(Fields fields) {
    String text = fields.text("answer");
    int mark = text.lastIndexOf("####");
    String answer = mark < 0 ? "" : text.substring(mark + 4).strip();
    if (answer.isEmpty()) {
      throw fields.bad("answer", "expected an end in #### and the answer, got none");
    }
    String rationale = text.substring(0, mark).replaceAll("<<[^<>]*>>", "").strip();
    List<String> traces =
        rationale.isEmpty() ? List.of() : List.of(rationale + "\n\\boxed{" + answer + "}");
    return checkable(fields, fields.text("question"), Optional.of(answer), traces);
  }

  private static Mapped solved(Fields fields) {
    String solution = fields.text("solution");
    return checkable(
        fields, fields.text("problem"), Boxed.last(solution), solutionTraces(solution));
  }

  private static Mapped questionAndAnswer(Fields fields) {
    String solution = find(fields, SOLUTIONS);
    String prompt = find(fields, PROMPTS);
    String answer = find(fields, ANSWERS);
    return checkable(
        fields,
        fields.text(prompt == null ? PROMPTS.get(0) : prompt),
        fields.optional(answer == null ? ANSWERS.get(0) : answer),
        solution == null ? List.of() : solutionTraces(fields.optional(solution).orElse("")));
  }

  private static List<String> solutionTraces(String solution) {
    return Boxed.last(solution).isPresent() ? List.of(solution) : List.of();
  }

  private static Mapped checkable(
      Fields fields, String prompt, Optional<String> answer, List<String> traces) {
    String given = answer.map(String::strip).orElse("");
    // NuminaMath's words for what cannot be checked.
    if (given.isEmpty() || given.equals("proof") || given.equals("notfound")) {
      return Mapped.without(NO_ANSWER);
    }
    String subdomain = find(fields, SUBDOMAINS);
    List<String> subdomains = subdomain == null ? List.of() : fields.texts(subdomain);
    String id = find(fields, IDS);
    return Mapped.of(
        new Problem(
            Optional.ofNullable(id).flatMap(fields::optional).orElseGet(fields.row()::defaultId),
            subdomains.isEmpty() ? "general" : Columns.label(subdomains.get(0)),
            Instructions.stripped(prompt),
            given,
            traces));
  }

  private static String find(Fields fields, List<String> columns) {
    return columns.stream().filter(fields::has).findFirst().orElse(null);
  }
}
