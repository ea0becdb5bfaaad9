/** Held-out evaluation. */
package org.etalon.training.eval;
