package org.etalon.training.mgpo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.etalon.data.grade.Verdict;
import org.etalon.data.problem.Problem;
import org.etalon.graph.rollout.Completion;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.policy.Graded;
import org.etalon.training.policy.Response;

/** Graded groups made by hand. */
final class Groups {
  private Groups() {}

  static MgpoSettings settings(String... sets) {
    return Configuration.load(Optional.empty(), Arrays.asList(sets)).mgpo();
  }

  /** Verdicts that were decided. */
  static List<Verdict> verdicts(boolean... correct) {
    List<Verdict> verdicts = new ArrayList<>();
    for (boolean c : correct) {
      verdicts.add(new Verdict(c, "", ""));
    }
    return verdicts;
  }

  static Problem problem(String id) {
    return new Problem(id, "algebra", "What is 1+1?", "2", List.of());
  }

  /** A response of {@code length} tokens 100, 101, …; token t has log-probability −(t+1)/8. */
  static Response response(int promptLength, int length, boolean truncated) {
    int[] prompt = new int[promptLength];
    Arrays.setAll(prompt, t -> 10 + t);
    int[] ids = new int[length];
    Arrays.setAll(ids, t -> 100 + t);
    float[] logps = new float[length];
    for (int t = 0; t < length; t++) {
      logps[t] = -(t + 1) / 8f;
    }
    var finish = truncated ? Completion.Finish.LENGTH : Completion.Finish.STOP;
    return new Response(prompt, new Completion(ids, logps, finish), "");
  }

  /** A group whose responses have these lengths; a negative length is a truncated response. */
  static Graded group(String id, int promptLength, boolean[] correct, int... lengths) {
    List<Response> responses = new ArrayList<>();
    for (int length : lengths) {
      responses.add(response(promptLength, Math.abs(length), length < 0));
    }
    return new Graded(problem(id), responses, verdicts(correct));
  }
}
