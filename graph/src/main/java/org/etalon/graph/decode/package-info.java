/** Decoding as graphs: the key/value cache, sampling, and the exported generation loop. */
package org.etalon.graph.decode;
