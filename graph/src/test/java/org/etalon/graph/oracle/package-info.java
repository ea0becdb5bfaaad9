/**
 * Independent references for the graphs: naive loops in double precision, written from the formulas
 * without TensorFlow and without sharing code with the main sources.
 *
 * <p>Every reference is itself held by numbers computed with PyTorch, transformers and TRL (folder
 * {@code golden} of the test resources, written by {@code src/test/python/make_golden.py}) or by
 * finite differences.
 */
package org.etalon.graph.oracle;
