/** What a running stage shows: a metrics file, TensorBoard event files, progress. */
package org.etalon.training.metrics;
