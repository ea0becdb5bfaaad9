package org.etalon.training.policy;

import org.etalon.graph.program.Sampling;

/**
 * How a set of problems is sampled.
 *
 * @param samples responses per problem
 * @param maxNewTokens longest response, tokens
 * @param slots responses decoded side by side
 * @param sampling temperature, truncation of the distribution, and seed
 */
public record SampleSpec(int samples, int maxNewTokens, int slots, Sampling sampling) {}
