package org.etalon.data.text.jinja;

/** A function, method, filter or macro of the template language. */
@FunctionalInterface
interface Callable {
  Object call(Arguments arguments);
}
