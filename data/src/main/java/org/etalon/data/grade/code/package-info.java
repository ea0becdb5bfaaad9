/**
 * Grades programs by running them on tests, in a sandbox.
 *
 * <p>A program is what the last fenced block of a response holds. It runs as a real Python process:
 * in bubblewrap, under an unprivileged user, with namespaces, an empty folder and limits of its own
 * for each test; {@code sandbox.py} starts it. Expected outputs stay outside: what a program wrote
 * or returned is compared here, by the rules of LiveCodeBench's public runner.
 */
package org.etalon.data.grade.code;
