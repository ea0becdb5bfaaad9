/**
 * The self-contained HTML report of a run, and the result files of the stages it is drawn from.
 *
 * <p>A stage writes its {@code result.json} through the record of that file here; the report reads
 * it back, so the two cannot drift apart.
 */
package org.etalon.training.report;
