package org.etalon.data.prepare.step;

import org.etalon.data.problem.Problem;

/** Copies of a problem with one field changed. */
final class Relabel {
  private Relabel() {}

  static Problem withSubdomain(Problem p, String subdomain) {
    return new Problem(p.id(), subdomain, p.prompt(), p.answer(), p.traces(), p.kind());
  }

  static Problem withAnswer(Problem p, String answer) {
    return new Problem(p.id(), p.subdomain(), p.prompt(), answer, p.traces(), p.kind());
  }
}
