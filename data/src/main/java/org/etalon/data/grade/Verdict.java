package org.etalon.data.grade;

/**
 * What a grader found.
 *
 * @param correct whether the response gives the gold answer
 * @param extracted the answer as the response writes it; empty if it gives none
 * @param reason why, in a few words for a person
 */
public record Verdict(boolean correct, String extracted, String reason) {}
