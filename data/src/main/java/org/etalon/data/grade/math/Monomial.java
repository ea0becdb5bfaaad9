package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableSortedMap;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.etalon.data.grade.Rational;

/**
 * A product of powers of atoms.
 *
 * @param powers none of them 0
 */
record Monomial(ImmutableSortedMap<Atom, Rational> powers) implements Comparable<Monomial> {
  static final Monomial ONE = new Monomial(ImmutableSortedMap.of());

  static Monomial of(Atom atom, Rational power) {
    return new Monomial(ImmutableSortedMap.of(atom, power));
  }

  /** All powers added up; those of primes and of the imaginary unit may be out of their bounds. */
  SortedMap<Atom, Rational> times(Monomial other) {
    SortedMap<Atom, Rational> product = new TreeMap<>(powers);
    other.powers.forEach((atom, power) -> product.merge(atom, power, Rational::plus));
    product.values().removeIf(Rational.ZERO::equals);
    return product;
  }

  @Override
  public int compareTo(Monomial other) {
    Iterator<Map.Entry<Atom, Rational>> mine = powers.entrySet().iterator();
    Iterator<Map.Entry<Atom, Rational>> theirs = other.powers.entrySet().iterator();
    while (mine.hasNext() && theirs.hasNext()) {
      Map.Entry<Atom, Rational> a = mine.next();
      Map.Entry<Atom, Rational> b = theirs.next();
      int byAtom = a.getKey().compareTo(b.getKey());
      int order = byAtom != 0 ? byAtom : a.getValue().compareTo(b.getValue());
      if (order != 0) {
        return order;
      }
    }
    return Boolean.compare(mine.hasNext(), theirs.hasNext());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    powers.forEach((atom, power) -> text.append(atom.name()).append('^').append(power).append('*'));
    return text.toString();
  }
}
