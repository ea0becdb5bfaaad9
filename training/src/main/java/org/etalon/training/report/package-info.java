/** The self-contained HTML report of a run. */
package org.etalon.training.report;
