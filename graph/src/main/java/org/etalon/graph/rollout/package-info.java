/** Rollouts by continuous batching over decoder slots; plain Java over arrays. */
package org.etalon.graph.rollout;
