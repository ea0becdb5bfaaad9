package org.etalon.data.builtin;

import java.util.Locale;

/** A set of built-in families. */
public enum BuiltinSet {
  /** 24 families in algebra, geometry, calculus and statistics, worded tersely. */
  MATHEMATICS,

  /** Eight families of one- and two-step arithmetic word problems in four subdomains. */
  STORIES;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
