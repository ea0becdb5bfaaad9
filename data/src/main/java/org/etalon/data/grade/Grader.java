package org.etalon.data.grade;

/** Decides whether a response gives the gold answer; safe for use from many threads. */
public interface Grader {
  /**
   * Grades one response. The verdict depends on the two arguments only.
   *
   * @throws org.etalon.data.DataException if the gold answer is blank; never because of the
   *     response
   */
  Verdict grade(String gold, String response);
}
