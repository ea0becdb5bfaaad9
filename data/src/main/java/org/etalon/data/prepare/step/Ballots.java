package org.etalon.data.prepare.step;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.etalon.data.DataException;
import org.etalon.data.grade.MathGrader;

/** The answers that responses give to each problem, as they spell them. */
public final class Ballots {
  /** Our choice: what is longer is no answer. */
  private static final int MOST_CHARS = 1000;

  private final MathGrader reader;
  private final Map<String, Votes> byId = new HashMap<>();

  /** The answers to one problem; those without one are silent. */
  static final class Votes {
    private final Map<String, Integer> answers = new TreeMap<>();
    private int silent;

    Map<String, Integer> answers() {
      return answers;
    }

    int silent() {
      return silent;
    }
  }

  /**
   * @param requireBox whether only a closed {@code \boxed{…}} is an answer
   */
  public Ballots(boolean requireBox) {
    this.reader = new MathGrader(requireBox);
  }

  /**
   * Reads files of JSON lines with {@code id} and {@code response}; what was {@code truncated} is
   * silent. Memory grows with the different answers, not with the responses.
   *
   * @throws DataException naming file, line and field of what cannot be used
   */
  public static Ballots read(List<Path> files, boolean requireBox) {
    Ballots ballots = new Ballots(requireBox);
    for (Path file : files) {
      ResponseLine.read(
          file,
          line -> {
            String response =
                line.response()
                    .orElseThrow(
                        () ->
                            new DataException(
                                line.place()
                                    + ": field \"response\": expected a string, got no such"
                                    + " field"));
            ballots.add(line.id(), line.truncated() ? "" : response);
          });
    }
    return ballots;
  }

  /** Counts one response. */
  public void add(String id, String response) {
    add(byId.computeIfAbsent(id, key -> new Votes()), response);
  }

  private void add(Votes votes, String response) {
    Optional<String> answer =
        CorrectTraces.isCut(response)
            ? Optional.empty()
            : reader.answer(response).map(String::strip);
    if (answer.isEmpty() || answer.get().isEmpty() || answer.get().length() > MOST_CHARS) {
      votes.silent++;
    } else {
      votes.answers.merge(answer.get(), 1, Integer::sum);
    }
  }

  /** The votes of the responses to a problem; none if there are no responses. */
  Votes of(String id) {
    return byId.getOrDefault(id, new Votes());
  }

  /** The votes of these responses alone. */
  Votes of(List<String> responses) {
    Votes votes = new Votes();
    responses.forEach(response -> add(votes, response));
    return votes;
  }
}
