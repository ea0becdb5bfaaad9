/**
 * Measurements: how fast training and decoding are on this machine, against what the machine can do
 * at best. A benchmark prints and records; it never judges.
 */
package org.etalon.training.bench;
