package org.etalon.data.builtin;

/**
 * One family of problems: what may vary, how it is asked, and the ways to solve it.
 *
 * <p>Drawing and posing are separate, so that a question is a pure function of its parameters: two
 * draws with the same parameters are the same question, whatever their wording.
 */
interface Family {
  /** The part of mathematics it belongs to, e.g. {@code algebra}. */
  String subdomain();

  /** Its name within the subdomain, e.g. {@code linear-equation}. */
  String name();

  /** Parameters of a question of difficulty {@code level} (1 to 3). */
  int[] draw(Draw draw, int level);

  /** The question with these parameters. */
  Question pose(int... p);

  /** Identifier of the family, e.g. {@code algebra/linear-equation}. */
  default String path() {
    return subdomain() + "/" + name();
  }
}
