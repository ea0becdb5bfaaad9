/**
 * Token batches of fixed shape: packing, masks, positions, and a stream that can be resumed.
 *
 * <p>B is the number of rows of a batch, T its length in tokens.
 */
package org.etalon.data.batch;
