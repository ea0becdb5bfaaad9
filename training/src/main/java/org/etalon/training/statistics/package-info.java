/** Estimates and their intervals: Pass@K, the bootstrap over problems, Wilson's interval. */
package org.etalon.training.statistics;
