package org.etalon.data.grade.constraint;

/**
 * A rule and the name it was given by.
 *
 * @param name e.g. {@code keywords:existence}
 * @param rule what it asks
 */
record NamedRule(String name, Rule rule) {}
