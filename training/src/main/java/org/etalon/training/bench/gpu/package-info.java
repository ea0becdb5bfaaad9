/** The checks that a host with a GPU has to pass, in order, as one command. */
package org.etalon.training.bench.gpu;
