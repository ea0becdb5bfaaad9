package org.etalon.training.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One response to a benchmark's problem, a line of {@code samples.jsonl}.
 *
 * @param id of the problem
 * @param sample its number among the problem's responses, from 0
 * @param prompt as the model saw it, before the chat template
 * @param response the text
 * @param answer gold answer, its first 1000 characters
 * @param extracted answer as the response gives it; empty if it gives none
 * @param correct verdict
 * @param decided whether the grader could tell
 * @param reason of the verdict, a few words
 * @param finish {@code stop}, {@code length}, or {@code prompt-too-long}: nothing was drawn
 * @param tokens of the response, the end token included
 * @param seed of the benchmark's sampling
 * @param sequence the sample's own random key under that seed
 */
@JsonPropertyOrder({
  "id",
  "sample",
  "prompt",
  "response",
  "answer",
  "extracted",
  "correct",
  "decided",
  "reason",
  "finish",
  "tokens",
  "seed",
  "sequence"
})
record Sample(
    @JsonProperty("id") String id,
    @JsonProperty("sample") int sample,
    @JsonProperty("prompt") String prompt,
    @JsonProperty("response") String response,
    @JsonProperty("answer") String answer,
    @JsonProperty("extracted") String extracted,
    @JsonProperty("correct") boolean correct,
    @JsonProperty("decided") boolean decided,
    @JsonProperty("reason") String reason,
    @JsonProperty("finish") String finish,
    @JsonProperty("tokens") int tokens,
    @JsonProperty("seed") long seed,
    @JsonProperty("sequence") long sequence) {
  static final String STOP = "stop";
  static final String LENGTH = "length";
  static final String TOO_LONG = "prompt-too-long";

  /** What scores need of it; texts may be long and there are many. */
  Outcome outcome() {
    return new Outcome(
        extracted, correct, decided, finish.equals(LENGTH), finish.equals(TOO_LONG), tokens);
  }

  /**
   * A sample without its texts.
   *
   * @param truncated whether the length limit cut it
   * @param tooLong whether its prompt left no room
   */
  record Outcome(
      String extracted,
      boolean correct,
      boolean decided,
      boolean truncated,
      boolean tooLong,
      int tokens) {}
}
