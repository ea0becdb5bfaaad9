package org.etalon.training.generate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;

/**
 * One response as a line of JSON.
 *
 * @param id its prompt's
 * @param sample which of the prompt's responses, from 0
 * @param ids generated tokens
 * @param text without the token that ended it
 * @param logprobs ln p of each token under softmax(logits / temperature), before top-k and top-p;
 *     at temperature 0 of the plain softmax
 * @param finishReason {@code stop} or {@code length}
 */
record SampleLine(
    String id,
    int sample,
    int[] ids,
    String text,
    float[] logprobs,
    @JsonProperty("finish_reason") String finishReason) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  void write(OutputStream out) throws IOException {
    out.write(JSON.writeValueAsBytes(this));
    out.write('\n');
  }
}
