/** The optimizer and its schedule. */
package org.etalon.graph.optim;
