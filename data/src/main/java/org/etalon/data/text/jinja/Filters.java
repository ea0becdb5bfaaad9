package org.etalon.data.text.jinja;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The filters that chat templates use; a filter's first argument is the value before the bar. */
final class Filters {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final ImmutableMap<String, Callable> FILTERS =
      ImmutableMap.<String, Callable>builder()
          .put("length", a -> (long) length(value(a)))
          .put("count", a -> (long) length(value(a)))
          .put("trim", a -> Values.text(value(a)).strip("", true, true))
          .put("string", a -> Values.text(value(a)))
          .put("safe", Filters::value)
          .put("upper", a -> upper(Values.text(value(a))))
          .put("lower", a -> lower(Values.text(value(a))))
          .put("capitalize", a -> Members.capitalized(Values.text(value(a))))
          .put("title", a -> Members.title(Values.text(value(a))))
          .put(
              "replace",
              a ->
                  Members.replaced(
                      Values.text(value(a)),
                      a.text(1, "old"),
                      a.text(2, "new"),
                      a.get(3, "count", -1L)))
          .put("tojson", Filters::json)
          .put("default", Filters::otherwise)
          .put("d", Filters::otherwise)
          .put("list", a -> Values.list(value(a)))
          .put("items", a -> value(a) instanceof Map<?, ?> map ? Members.pairs(map) : List.of())
          .put("first", a -> Members.element(Values.list(value(a)), 0L))
          .put("last", a -> Members.element(Values.list(value(a)), -1L))
          .put("reverse", a -> reversed(value(a)))
          .put("unique", a -> unique(Values.list(value(a))))
          .put("join", Filters::join)
          .put("int", Filters::integer)
          .put("float", a -> Double.parseDouble(Values.text(value(a)).text()))
          .put("abs", a -> absolute(value(a)))
          .put("indent", Filters::indent)
          .put("map", Filters::map)
          .put("select", a -> select(a, false, true))
          .put("reject", a -> select(a, false, false))
          .put("selectattr", a -> select(a, true, true))
          .put("rejectattr", a -> select(a, true, false))
          .buildOrThrow();

  private Filters() {}

  static Optional<Callable> named(String name) {
    return Optional.ofNullable(FILTERS.get(name));
  }

  private static Object value(Arguments a) {
    return a.get(0, "value");
  }

  private static int length(Object value) {
    if (value instanceof FramedText text) {
      return text.text().codePointCount(0, text.length());
    }
    return value instanceof Map<?, ?> map ? map.size() : Values.list(value).size();
  }

  private static FramedText upper(FramedText text) {
    return text.respelled(text.text().toUpperCase(Locale.ROOT));
  }

  private static FramedText lower(FramedText text) {
    return text.respelled(text.text().toLowerCase(Locale.ROOT));
  }

  private static Object otherwise(Arguments a) {
    Object value = value(a);
    boolean alsoFalse = Values.truth(a.get(2, "boolean", false));
    boolean missing = value instanceof Undefined || (alsoFalse && !Values.truth(value));
    return missing ? a.get(1, "default_value", FramedText.EMPTY) : value;
  }

  private static Object reversed(Object value) {
    return Members.slice(value, Optional.empty(), Optional.empty(), Optional.of(-1));
  }

  private static List<Object> unique(List<Object> items) {
    List<Object> unique = new ArrayList<>();
    for (Object item : items) {
      if (unique.stream().noneMatch(other -> Values.equal(other, item))) {
        unique.add(item);
      }
    }
    return unique;
  }

  private static Object join(Arguments a) {
    FramedText separator = Values.text(a.get(1, "d", FramedText.EMPTY));
    List<Object> items = Values.list(value(a));
    if (a.has(2, "attribute")) {
      String name = a.text(2, "attribute").text();
      items.replaceAll(item -> Members.field(item, name));
    }
    return Members.joined(separator, items);
  }

  private static Object integer(Arguments a) {
    Object value = value(a);
    if (value instanceof Number number) {
      return number.longValue();
    }
    try {
      return Long.parseLong(Values.text(value).text().strip());
    } catch (NumberFormatException e) {
      return a.get(1, "default", 0L);
    }
  }

  private static Object absolute(Object value) {
    return Values.compare(value, 0L) < 0 ? Values.arithmetic("-", 0L, value) : value;
  }

  /** Our choice: the whole text counts as data if any of it is. */
  private static Object indent(Arguments a) {
    FramedText text = Values.text(value(a));
    int width = a.has(1, "width") ? a.integer(1, "width") : 4;
    String margin = " ".repeat(Math.max(0, Math.min(width, 100)));
    boolean first = Values.truth(a.get(2, "first", false));
    boolean blank = Values.truth(a.get(3, "blank", false));
    StringBuilder indented = new StringBuilder();
    String[] lines = text.text().split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      boolean moved = i == 0 ? first : blank || !lines[i].isEmpty();
      indented.append(i == 0 ? "" : "\n").append(moved ? margin : "").append(lines[i]);
    }
    return text.made(indented.toString());
  }

  private static Object map(Arguments a) {
    List<Object> items = Values.list(value(a));
    if (a.named().containsKey("attribute")) {
      String name = a.text(1, "attribute").text();
      items.replaceAll(item -> Members.field(item, name));
      return items;
    }
    String name = a.text(1, "filter").text();
    Callable filter =
        named(name).orElseThrow(() -> new TemplateException("no filter is named " + name));
    items.replaceAll(
        item -> {
          List<Object> arguments = new ArrayList<>(a.rest().rest().positional());
          arguments.add(0, item);
          return filter.call(new Arguments(name, arguments, a.named()));
        });
    return items;
  }

  /** {@code selectattr("role", "equalto", "user")} and its kin. */
  private static Object select(Arguments a, boolean byField, boolean wanted) {
    Arguments rest = a.rest();
    List<Object> kept = new ArrayList<>();
    for (Object item : Values.list(value(a))) {
      Object subject = item;
      Arguments test = rest;
      if (byField) {
        subject = Members.field(item, rest.text(0, "attribute").text());
        test = rest.rest();
      }
      boolean holds =
          test.positional().isEmpty()
              ? Values.truth(subject)
              : Tests.holds(test.text(0, "test").text(), subject, test.rest());
      if (holds == wanted) {
        kept.add(item);
      }
    }
    return kept;
  }

  private static Object json(Arguments a) {
    Object value = value(a);
    Object indent = a.get(1, "indent", null);
    try {
      StringBuilder text = new StringBuilder();
      if (indent == null) {
        inline(plain(value), text);
      } else {
        var indenter = new DefaultIndenter(" ".repeat(a.integer(1, "indent")), "\n");
        var printer = new PythonPrinter();
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        text.append(JSON.writer(printer).writeValueAsString(plain(value)));
      }
      return FramedText.marked(text.toString(), Values.holdsData(value));
    } catch (JsonProcessingException e) {
      throw new TemplateException("tojson: " + e.getOriginalMessage());
    }
  }

  /** Python separates with {@code ", "} and {@code ": "}. */
  private static void inline(Object value, StringBuilder text) throws JsonProcessingException {
    if (value instanceof Map<?, ?> map) {
      String comma = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        text.append(comma).append(JSON.writeValueAsString(entry.getKey())).append(": ");
        inline(entry.getValue(), text);
        comma = ", ";
      }
      text.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Collection<?> list) {
      String comma = "[";
      for (Object item : list) {
        text.append(comma);
        inline(item, text);
        comma = ", ";
      }
      text.append(list.isEmpty() ? "[]" : "]");
    } else {
      text.append(JSON.writeValueAsString(value));
    }
  }

  private static Object plain(Object value) {
    if (value instanceof FramedText text) {
      return text.text();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> plain = new LinkedHashMap<>();
      map.forEach((k, v) -> plain.put(k, plain(v)));
      return plain;
    }
    if (value instanceof Collection<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(item -> plain.add(plain(item)));
      return plain;
    }
    if (value instanceof Undefined || value instanceof Callable) {
      throw new TemplateException("tojson: " + Values.shown(value) + " cannot be written");
    }
    return value;
  }

  /** Indented JSON as Python writes it: no space before a colon. */
  private static final class PythonPrinter extends DefaultPrettyPrinter {
    private static final long serialVersionUID = 1;

    @Override
    public DefaultPrettyPrinter createInstance() {
      PythonPrinter copy = new PythonPrinter();
      copy.indentObjectsWith(_objectIndenter);
      copy.indentArraysWith(_arrayIndenter);
      return copy;
    }

    @Override
    public void writeObjectFieldValueSeparator(com.fasterxml.jackson.core.JsonGenerator g)
        throws IOException {
      g.writeRaw(": ");
    }
  }
}
