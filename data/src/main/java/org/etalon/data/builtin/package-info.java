/**
 * Built-in problems: seeded families of algebra, geometry, calculus and statistics questions with
 * exact answers, and a teacher that solves each of them in at least three different ways.
 *
 * <p>{@link org.etalon.data.builtin.BuiltinProblems} draws the splits; a family turns drawn
 * parameters into a question; {@code Work} writes a solution as lines of one operation each.
 */
package org.etalon.data.builtin;
