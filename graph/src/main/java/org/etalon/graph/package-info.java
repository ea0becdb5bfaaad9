/** Etalon's module {@code graph}. */
package org.etalon.graph;
