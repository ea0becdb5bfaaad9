/**
 * Strict configuration: a complete default, overlaid by a file and by {@code --set}, bound to
 * records that validate themselves.
 */
package org.etalon.training.config;
