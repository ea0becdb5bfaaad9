/**
 * Formulas: a reader for LaTeX and plain mathematics, and when two formulas say the same.
 *
 * <p>Reading is recursive descent with bounds on length and depth; comparing is structural for
 * lists, tuples, sets, intervals, relations and matrices, and numerical at fixed points for what
 * stands in them. Our choice: numbers that differ by less than 10⁻¹⁰ of their size are the same
 * unless both are exact fractions, which are compared as such.
 */
package org.etalon.data.grade.math;
