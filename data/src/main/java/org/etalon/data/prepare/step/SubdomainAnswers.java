package org.etalon.data.prepare.step;

import com.google.common.base.Ascii;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;

/**
 * What a model said of the subdomain of each problem. Takes 20 to 50 bytes a problem.
 *
 * <p>The answers are made with {@code etalon generate} from {@link #prompt}.
 */
public final class SubdomainAnswers {
  private static final Pattern FRAME =
      Pattern.compile("(?s)[\\s*_`\"'.]*(?:\\\\boxed\\{)?[\\s*_`\"'.]*(.*?)[\\s*_`\"'.}]*");
  private static final int MOST_CHARS = 100;
  private static final byte UNKNOWN = -1;

  private final SubdomainLabels labels;
  private final IdTable ids = new IdTable();
  private byte[] answers = new byte[64];

  /**
   * @param labels among which the model chose
   */
  public SubdomainAnswers(SubdomainLabels labels) {
    this.labels = labels;
  }

  /**
   * Reads files of JSON lines with {@code id} and {@code response} (or {@code text}); of several
   * responses to a problem the first counts.
   *
   * @throws DataException naming file, line and field of what cannot be used
   */
  public static SubdomainAnswers read(List<Path> files, SubdomainLabels labels) {
    SubdomainAnswers answers = new SubdomainAnswers(labels);
    for (Path file : files) {
      ResponseLine.read(
          file,
          line ->
              answers.add(
                  line.id(),
                  line.response()
                      .orElseThrow(
                          () ->
                              new DataException(
                                  line.place()
                                      + ": field \"response\": expected a string, got no such"
                                      + " field"))));
    }
    return answers;
  }

  /** The message that asks a model for the subdomain of a problem. */
  public static String prompt(Problem problem, SubdomainLabels labels) {
    return "To which field does the following problem belong? Choose one of: "
        + String.join(", ", labels.labels())
        + ".\nReply with the name of the field and nothing else.\n\nProblem:\n"
        + problem.prompt();
  }

  /** Notes a response, unless there is one to that problem. */
  public void add(String id, String response) {
    int before = ids.size();
    int at = ids.add(id);
    if (at < before) {
      return;
    }
    if (at == answers.length) {
      answers = Arrays.copyOf(answers, at * 2);
    }
    answers[at] =
        parse(response)
            .map(label -> (byte) labels.labels().asList().indexOf(label))
            .orElse(UNKNOWN);
  }

  /** Whether the model answered, in whatever words. */
  boolean has(String id) {
    return ids.find(id) >= 0;
  }

  /** The label that the model gave; empty if it gave none, or none of the set. */
  Optional<String> label(String id) {
    int at = ids.find(id);
    return at < 0 || answers[at] == UNKNOWN
        ? Optional.empty()
        : Optional.of(labels.labels().asList().get(answers[at]));
  }

  /** The label of a response that, behind its thinking, is a label and nothing else. */
  Optional<String> parse(String response) {
    if (CorrectTraces.isCut(response)) {
      return Optional.empty();
    }
    String said =
        response.substring(response.lastIndexOf("</think>") < 0 ? 0 : afterThinking(response));
    if (said.strip().length() > MOST_CHARS) {
      return Optional.empty();
    }
    Matcher framed = FRAME.matcher(said);
    return framed.matches() ? labels.label(Ascii.toLowerCase(framed.group(1))) : Optional.empty();
  }

  private static int afterThinking(String response) {
    return response.lastIndexOf("</think>") + "</think>".length();
  }
}
