/**
 * Graders: whether a response gives the gold answer.
 *
 * <p>A grader extracts the answer from the response, reads it into a value, and compares values.
 * Responses come from a model under training and are hostile input: every step is linear in the
 * text or bounded in depth, digits and length, and none throws because of what a response holds.
 */
package org.etalon.data.grade;
