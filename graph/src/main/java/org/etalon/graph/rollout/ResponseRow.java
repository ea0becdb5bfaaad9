package org.etalon.graph.rollout;

import java.util.ArrayList;
import java.util.List;

/** The responses of one row while rows are filled, one family of responses after another. */
final class ResponseRow {
  private final List<List<TrainedResponse>> families = new ArrayList<>();
  private List<TrainedResponse> last = List.of();
  private int used;

  /** Positions taken. */
  int used() {
    return used;
  }

  /**
   * Whether the family's prompt is there.
   *
   * @param family all responses to a prompt; the one that is placed now
   */
  @SuppressWarnings("ReferenceEquality") // this very family
  boolean holds(List<TrainedResponse> family) {
    return last == family;
  }

  /** Positions that a response would take: its prompt's only if that is not there. */
  int cost(List<TrainedResponse> family, TrainedResponse response) {
    return response.tokens() + (holds(family) ? 0 : response.before());
  }

  void add(List<TrainedResponse> family, TrainedResponse response) {
    used += cost(family, response);
    if (!holds(family)) {
      families.add(new ArrayList<>());
      last = family;
    }
    families.get(families.size() - 1).add(response);
  }

  /** The responses of each prompt. */
  List<List<TrainedResponse>> families() {
    return families;
  }
}
