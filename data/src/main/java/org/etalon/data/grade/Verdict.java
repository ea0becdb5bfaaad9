package org.etalon.data.grade;

/**
 * What a grader found.
 *
 * @param correct whether the response gives the gold answer
 * @param extracted the answer as the response writes it; empty if it gives none
 * @param reason why, in a few words for a person
 * @param decided whether the grader could tell; a verdict that it could not, because the grader
 *     itself failed, is neither right nor wrong and must not become a reward
 */
public record Verdict(boolean correct, String extracted, String reason, boolean decided) {
  public Verdict {
    if (correct && !decided) {
      throw new IllegalArgumentException("what is not decided is not correct");
    }
  }

  /** A verdict that the grader could tell. */
  public Verdict(boolean correct, String extracted, String reason) {
    this(correct, extracted, reason, true);
  }

  /** The grader itself failed. */
  public static Verdict undecided(String extracted, String reason) {
    return new Verdict(false, extracted, reason, false);
  }
}
