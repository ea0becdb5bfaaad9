/** Checks of the machine that a run needs. */
package org.etalon.training.doctor;
