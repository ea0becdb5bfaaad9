/** Diversity probing: which checkpoint is the specialist of which subdomain. */
package org.etalon.training.probe;
