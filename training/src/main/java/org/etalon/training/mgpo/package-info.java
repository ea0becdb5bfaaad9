/** Signal phase: MaxEnt-guided policy optimisation. */
package org.etalon.training.mgpo;
