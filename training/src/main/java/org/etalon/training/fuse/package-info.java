/** Fusion of the specialists' weights. */
package org.etalon.training.fuse;
