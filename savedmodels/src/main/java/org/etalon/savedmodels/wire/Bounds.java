package org.etalon.savedmodels.wire;

/**
 * What a request may hold at the most.
 *
 * @param vocabulary token ids are below it
 * @param window tokens of a prompt
 * @param rows prompts of one request
 * @param newTokens tokens to generate for a prompt
 */
public record Bounds(int vocabulary, int window, int rows, int newTokens) {}
