package org.etalon.data.text.jinja;

/**
 * The value of a name or field that is not there: prints as nothing, counts as false.
 *
 * @param name what was asked for
 */
record Undefined(String name) {}
