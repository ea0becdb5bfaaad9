/** Benchmarks: how each is asked, sampled and graded, and what the paper reports of them. */
package org.etalon.data.benchmark;
