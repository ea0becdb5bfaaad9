/** Run time: programs own a graph and a session, and turn arrays into tensors and back. */
package org.etalon.graph.program;
