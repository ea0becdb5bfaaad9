package org.etalon.training.bench;

/**
 * What one round of a benchmark does, whatever time it takes.
 *
 * @param tokens tokens trained on or generated, padding left out
 * @param flops floating-point operations of its matrix products
 * @param bytes bytes that have to come from memory at least: weights, keys and values; 0 where
 *     memory is not the limit
 */
record Work(double tokens, double flops, double bytes) {}
