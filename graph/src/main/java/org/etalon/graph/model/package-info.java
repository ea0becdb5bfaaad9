/** The transformer as a graph: dependency order, one file, one legend of shape suffixes. */
package org.etalon.graph.model;
