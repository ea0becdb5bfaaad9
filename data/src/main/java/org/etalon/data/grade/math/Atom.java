package org.etalon.data.grade.math;

/**
 * What polynomials are made of besides fractions.
 *
 * @param kind what is known of it
 * @param name equal for equal atoms
 * @param value what it is to the power 1, where only powers below 1 stand for themselves; else null
 */
record Atom(Kind kind, String name, Polynomial value) implements Comparable<Atom> {
  static final Atom IMAGINARY = new Atom(Kind.IMAGINARY, "i", null);

  /** What is known of an atom. */
  enum Kind {
    /** A prime number, to powers between 0 and 1: these are independent over the fractions. */
    PRIME,
    /** The imaginary unit. */
    IMAGINARY,
    /** A positive constant: π or e. */
    CONSTANT,
    /** A variable. */
    VARIABLE,
    /** A polynomial under a root. */
    RADICAND,
    /** A function or power whose value is not known exactly. */
    OPAQUE
  }

  /** Whether powers of such atoms are independent of each other, so that a sum of them is not 0. */
  boolean isIndependent() {
    return kind != Kind.RADICAND && kind != Kind.OPAQUE;
  }

  boolean isPositive() {
    return kind == Kind.PRIME || kind == Kind.CONSTANT;
  }

  @Override
  public int compareTo(Atom other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Atom other && kind == other.kind && name.equals(other.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
