package org.etalon.savedmodels.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import java.util.List;

/** The field {@code eos_token_id}: nothing, one token or a list of them. */
final class EndTokens {
  private static final String KEY = "eos_token_id";

  private EndTokens() {}

  /**
   * Reads the field.
   *
   * @throws org.etalon.data.DataException if it holds something else
   */
  static ImmutableSet<Integer> read(String file, String json) {
    JsonFields fields = JsonFields.parse(file, json);
    if (fields.absent(KEY)) {
      return ImmutableSet.of();
    }
    JsonNode value = fields.node().get(KEY);
    ImmutableSet.Builder<Integer> ids = ImmutableSet.builder();
    for (JsonNode id : value.isArray() ? value : List.of(value)) {
      if (!id.isIntegralNumber() || !id.canConvertToInt() || id.asInt() < 0) {
        throw fields.wrong(KEY, "a token id or a list of them", "correct the field");
      }
      ids.add(id.asInt());
    }
    return ids.build();
  }
}
