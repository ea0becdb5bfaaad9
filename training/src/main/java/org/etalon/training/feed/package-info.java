/** Batches prepared while the session works. */
package org.etalon.training.feed;
