package org.etalon.data.text.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** An object whose fields a template may set from within a loop. */
final class Namespace {
  private final Map<String, Object> fields;

  Namespace(Map<String, Object> fields) {
    this.fields = new LinkedHashMap<>(fields);
  }

  Object get(String name) {
    return fields.containsKey(name) ? fields.get(name) : new Undefined(name);
  }

  void set(String name, Object value) {
    fields.put(name, value);
  }
}
