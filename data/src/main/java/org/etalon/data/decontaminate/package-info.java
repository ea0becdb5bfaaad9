/** Removal of training samples that overlap with evaluation problems. */
package org.etalon.data.decontaminate;
