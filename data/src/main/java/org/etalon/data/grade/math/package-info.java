/**
 * Formulas: a reader for LaTeX and plain mathematics, and when two formulas say the same.
 *
 * <p>Reading is recursive descent with bounds on length and depth. Comparing is structural for
 * lists, tuples, sets, intervals, relations and matrices; what stands in them is compared as terms:
 *
 * <ol>
 *   <li>exactly ({@link org.etalon.data.grade.math.Algebra}): fractions, sums and products of roots
 *       of fractions, and rational functions of variables, π, e and i, written as quotients of
 *       polynomials whose roots are those of primes. Powers of different primes are independent
 *       over the fractions, so that for these the answer is certain either way;
 *   <li>as doubles, which may only say that two terms differ;
 *   <li>to 160 digits at three points chosen by a hash of both terms ({@link
 *       org.etalon.data.grade.math.Precise}): the same is what differs by less than 10⁻¹²⁰ of its
 *       size.
 * </ol>
 *
 * <p>Our choice: there is no tolerance for what is written, but that a decimal of 15 digits or more
 * stands for the number that rounds to it ({@link org.etalon.data.grade.math.Rounding}). Every
 * comparison has a {@link org.etalon.data.grade.math.Budget}.
 */
package org.etalon.data.grade.math;
