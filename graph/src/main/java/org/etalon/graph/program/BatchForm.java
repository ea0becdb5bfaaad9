package org.etalon.graph.program;

/**
 * What the nodes for a batch depend on.
 *
 * @param rows B
 * @param length T
 * @param severalDocuments whether a row may hold several documents that count; false where cuDNN
 *     does not attend, because nothing else depends on it
 * @param prefixes whether documents may have a prefix that they share
 */
record BatchForm(int rows, int length, boolean severalDocuments, boolean prefixes) {}
