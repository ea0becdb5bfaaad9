/** Etalon's module {@code training}. */
package org.etalon.training;
