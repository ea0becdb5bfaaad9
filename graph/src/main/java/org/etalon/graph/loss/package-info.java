/** Losses: the head in chunks, cross-entropy, and the MGPO objective. */
package org.etalon.graph.loss;
