/** Etalon's module {@code savedmodels}. */
package org.etalon.savedmodels;
