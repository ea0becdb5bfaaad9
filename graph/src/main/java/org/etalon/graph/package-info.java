/**
 * The transformer and everything trained on it, built as TensorFlow graphs.
 *
 * <p><b>Build time</b>: pure functions that take {@code Ops} and operands and return operands. No
 * session, no I/O, no state. <b>Run time</b>: a {@link org.etalon.graph.program.Program} owns one
 * graph and one session, and is the only place that touches live tensors.
 *
 * <p><b>Shape suffixes</b> on operands, one letter a dimension:
 *
 * <ul>
 *   <li>B batch (rows), T time (positions in a row), M all positions of a batch, B·T
 *   <li>D model, F feed-forward, V vocabulary, L layers
 *   <li>N query heads, K key/value heads, G query heads per key/value head (N = K·G), H head size
 *   <li>S cache slots, C positions a slot holds, R cache rows, S·K·C
 * </ul>
 */
package org.etalon.graph;
