/** The problem sets of a run, and the removal of training problems that evaluation knows. */
package org.etalon.training.decontaminate;
