/**
 * Rules that a text must keep, checked without a model: how long it is, which words it holds, how
 * it is laid out (paper: P3 §2.4, the rule-based rewards of instruct RL).
 *
 * <p>The rules and their names are those of IFEval (arXiv 2311.07911), of the training sets made
 * after it (IF-RLVR, Tulu 3) and a few of our own. Every check is linear in the text and throws
 * nothing because of what the text holds.
 */
package org.etalon.data.grade.constraint;
