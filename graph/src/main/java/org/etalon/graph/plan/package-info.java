/**
 * Memory that programs will take, predicted from shapes and settings alone: nothing is built.
 *
 * <p>Sizes are named as in {@link org.etalon.graph}: B rows, T positions, M = B·T, D width, F
 * feed-forward, N query heads, K key/value heads, H head size, V vocabulary, L layers, S slots, C
 * positions of a slot or a chunk. Bytes everywhere.
 */
package org.etalon.graph.plan;
