/** Etalon's module {@code data}. */
package org.etalon.data;
