package org.etalon.data.prepare.step;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A set of subdomains, and which areas each is made of. */
public enum SubdomainLabels {
  /**
   * P1 §3.3: algebra, geometry, calculus, statistics. Our choice: number theory and linear algebra
   * count as algebra, trigonometry as geometry, combinatorics as statistics, because MATH has one
   * type for counting and probability.
   */
  PAPER,

  /** Besides these number theory, combinatorics, trigonometry and linear algebra. */
  FULL;

  /** The label of what no rule speaks for, where no guess is wanted. */
  static final String OTHER = "other";

  private static final Pattern NO_NAME = Pattern.compile("[^\\p{L}\\p{N}]+");

  /**
   * The areas behind the names that public data use: MATH's {@code type}, NuminaMath's {@code
   * problem_type}, Big-Math's {@code domain}.
   */
  private static final ImmutableMap<String, Set<Area>> NAMES = names();

  private static ImmutableMap<String, Set<Area>> names() {
    Map<String, Set<Area>> names = new LinkedHashMap<>();
    for (Area area : Area.values()) {
      names.put(area.label(), EnumSet.of(area));
    }
    for (String name :
        ImmutableList.of("prealgebra", "pre algebra", "intermediate algebra", "inequalities")) {
      names.put(name, EnumSet.of(Area.ALGEBRA));
    }
    names.put(
        "precalculus",
        EnumSet.of(Area.TRIGONOMETRY, Area.LINEAR_ALGEBRA, Area.ALGEBRA, Area.GEOMETRY));
    Set<Area> chances = EnumSet.of(Area.COMBINATORICS, Area.STATISTICS);
    for (String name :
        ImmutableList.of(
            "counting probability", "counting and probability", "probability and counting")) {
      names.put(name, chances);
    }
    for (String name :
        ImmutableList.of("probability", "probability and statistics", "applied statistics")) {
      names.put(name, EnumSet.of(Area.STATISTICS));
    }
    for (String name : ImmutableList.of("plane geometry", "solid geometry", "analytic geometry")) {
      names.put(name, EnumSet.of(Area.GEOMETRY));
    }
    for (String name :
        ImmutableList.of("integral calculus", "differential calculus", "multivariable calculus")) {
      names.put(name, EnumSet.of(Area.CALCULUS));
    }
    names.put("discrete mathematics", EnumSet.of(Area.COMBINATORICS, Area.NUMBER_THEORY));
    return ImmutableMap.copyOf(names);
  }

  /** The labels, in a fixed order. */
  public ImmutableSet<String> labels() {
    ImmutableSet.Builder<String> labels = ImmutableSet.builder();
    for (Area area : Area.values()) {
      labels.add(of(area));
    }
    return labels.build();
  }

  /** The label of an area. */
  String of(Area area) {
    if (this == FULL) {
      return area.label();
    }
    return switch (area) {
      case ALGEBRA, NUMBER_THEORY, LINEAR_ALGEBRA -> Area.ALGEBRA.label();
      case GEOMETRY, TRIGONOMETRY -> Area.GEOMETRY.label();
      case CALCULUS -> Area.CALCULUS.label();
      case STATISTICS, COMBINATORICS -> Area.STATISTICS.label();
    };
  }

  /**
   * The areas that a name in a file stands for; empty if it is not known. Of a path such as {@code
   * Mathematics -> Algebra -> Prealgebra} the last known part counts.
   */
  static Set<Area> areas(String name) {
    Set<Area> areas = EnumSet.noneOf(Area.class);
    for (String part : Splitter.on("->").split(name.toLowerCase(Locale.ROOT))) {
      String plain = NO_NAME.matcher(part).replaceAll(" ").strip();
      areas = NAMES.getOrDefault(plain, areas);
    }
    return areas;
  }

  /** The label with this text, whatever its case. */
  Optional<String> label(String text) {
    String plain = text.strip().toLowerCase(Locale.ROOT);
    return labels().stream().filter(plain::equals).findFirst();
  }
}
