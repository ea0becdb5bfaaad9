package org.etalon.data.text.jinja;

import com.google.common.collect.ImmutableList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a function is called with. None is {@code null}. */
final class Arguments {
  private final String function;
  private final List<Object> positional;
  private final Map<String, Object> named;

  Arguments(String function, List<Object> positional, Map<String, Object> named) {
    this.function = function;
    this.positional = positional;
    this.named = named;
  }

  static Arguments none(String function) {
    return new Arguments(function, ImmutableList.of(), Map.of());
  }

  List<Object> positional() {
    return Collections.unmodifiableList(positional);
  }

  Map<String, Object> named() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(named));
  }

  /** The arguments after the first. */
  Arguments rest() {
    return new Arguments(function, positional.subList(1, positional.size()), named);
  }

  boolean has(int index, String name) {
    return index < positional.size() || named.containsKey(name);
  }

  Object get(int index, String name) {
    if (index < positional.size()) {
      return positional.get(index);
    }
    if (named.containsKey(name)) {
      return named.get(name);
    }
    throw new TemplateException(function + " needs the argument " + name);
  }

  Object get(int index, String name, Object otherwise) {
    return has(index, name) ? get(index, name) : otherwise;
  }

  FramedText text(int index, String name) {
    Object value = get(index, name);
    if (value instanceof FramedText text) {
      return text;
    }
    throw new TemplateException(
        function + ": expected text for " + name + ", got " + Values.shown(value));
  }

  int integer(int index, String name) {
    return Values.integer(function + ": " + name, get(index, name));
  }
}
