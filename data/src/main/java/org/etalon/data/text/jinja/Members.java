package org.etalon.data.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Fields, elements, slices and methods, by Python's rules. */
final class Members {
  private static final int MOST_REPEATED = 1 << 20;

  private Members() {}

  /** {@code of.name}. */
  static Object field(Object of, String name) {
    Optional<Callable> method = method(of, name);
    if (method.isPresent()) {
      return method.get();
    }
    refuseUndefined(of, name);
    if (of instanceof Namespace namespace) {
      return namespace.get(name);
    }
    return of instanceof Map<?, ?> map && map.containsKey(name)
        ? map.get(name)
        : new Undefined(name);
  }

  /** {@code of[key]}. */
  static Object element(Object of, Object key) {
    if (key instanceof FramedText name) {
      refuseUndefined(of, name.text());
      if (of instanceof Map<?, ?> map && map.containsKey(name.text())) {
        return map.get(name.text());
      }
      return method(of, name.text())
          .map(Object.class::cast)
          .orElseGet(() -> new Undefined(name.text()));
    }
    int index = Values.integer("an index", key);
    refuseUndefined(of, "[" + index + "]");
    if (of instanceof FramedText text) {
      int at = index < 0 ? index + text.length() : index;
      return at >= 0 && at < text.length()
          ? text.slice(at, at + 1)
          : new Undefined("[" + index + "]");
    }
    if (of instanceof List<?> list) {
      int at = index < 0 ? index + list.size() : index;
      return at >= 0 && at < list.size() ? list.get(at) : new Undefined("[" + index + "]");
    }
    return new Undefined("[" + index + "]");
  }

  private static void refuseUndefined(Object of, String name) {
    if (of instanceof Undefined) {
      throw new TemplateException("cannot take " + name + " of " + Values.shown(of));
    }
  }

  /** {@code of[from:to:step]}. */
  static Object slice(
      Object of, Optional<Integer> from, Optional<Integer> to, Optional<Integer> step) {
    int by = step.orElse(1);
    if (by == 0) {
      throw new TemplateException("a slice's step cannot be 0");
    }
    if (of instanceof FramedText text) {
      FramedText.Builder part = new FramedText.Builder();
      indices(text.length(), from, to, by).forEach(i -> part.append(text.slice(i, i + 1)));
      return part.build();
    }
    List<Object> list = Values.list(of);
    List<Object> part = new ArrayList<>();
    indices(list.size(), from, to, by).forEach(i -> part.add(list.get(i)));
    return part;
  }

  private static List<Integer> indices(
      int size, Optional<Integer> from, Optional<Integer> to, int by) {
    int low = by > 0 ? 0 : -1;
    int high = by > 0 ? size : size - 1;
    int start = from.map(i -> clamp(i < 0 ? i + size : i, low, high)).orElse(by > 0 ? low : high);
    int stop = to.map(i -> clamp(i < 0 ? i + size : i, low, high)).orElse(by > 0 ? high : low);
    List<Integer> indices = new ArrayList<>();
    for (long i = start; by > 0 ? i < stop : i > stop; i += by) {
      indices.add((int) i);
    }
    return indices;
  }

  private static int clamp(int value, int low, int high) {
    return Math.max(low, Math.min(high, value));
  }

  static FramedText repeated(FramedText text, int count) {
    if ((long) text.length() * count > MOST_REPEATED) {
      throw new TemplateException("a text repeated " + count + " times is too long");
    }
    FramedText.Builder all = new FramedText.Builder();
    for (int i = 0; i < count; i++) {
      all.append(text);
    }
    return all.build();
  }

  private static Optional<Callable> method(Object of, String name) {
    if (of instanceof FramedText text) {
      return Optional.ofNullable(textMethod(text, name));
    }
    if (of instanceof Map<?, ?> map) {
      return Optional.ofNullable(mapMethod(map, name));
    }
    return Optional.empty();
  }

  private static Callable textMethod(FramedText text, String name) {
    return switch (name) {
      case "strip" -> a -> text.strip(unwanted(a), true, true);
      case "lstrip" -> a -> text.strip(unwanted(a), true, false);
      case "rstrip" -> a -> text.strip(unwanted(a), false, true);
      case "split" -> a -> split(text, a);
      case "splitlines" -> a -> text.strip("\n", false, true).split("\n", -1);
      case "startswith" -> a -> affixes(a).stream().anyMatch(text.text()::startsWith);
      case "endswith" -> a -> affixes(a).stream().anyMatch(text.text()::endsWith);
      case "replace" ->
          a -> replaced(text, a.text(0, "old"), a.text(1, "new"), a.get(2, "count", -1L));
      case "upper" -> a -> text.respelled(text.text().toUpperCase(Locale.ROOT));
      case "lower" -> a -> text.respelled(text.text().toLowerCase(Locale.ROOT));
      case "capitalize" -> a -> capitalized(text);
      case "title" -> a -> title(text);
      case "find" -> a -> (long) text.text().indexOf(a.text(0, "sub").text());
      case "count" -> a -> text.split(a.text(0, "sub").text(), -1).size() - 1L;
      case "isdigit" -> a -> text.length() > 0 && text.text().chars().allMatch(Character::isDigit);
      case "join" -> a -> joined(text, Values.list(a.get(0, "iterable")));
      default -> null;
    };
  }

  private static Callable mapMethod(Map<?, ?> map, String name) {
    return switch (name) {
      case "get" ->
          a -> {
            String key = a.text(0, "key").text();
            return map.containsKey(key) ? map.get(key) : a.get(1, "default", null);
          };
      case "items" -> a -> pairs(map);
      case "keys" -> a -> Values.list(map);
      case "values" -> a -> new ArrayList<Object>(map.values());
      default -> null;
    };
  }

  static List<Object> pairs(Map<?, ?> map) {
    List<Object> pairs = new ArrayList<>();
    List<Object> keys = Values.list(map);
    int i = 0;
    for (Object value : map.values()) {
      List<Object> pair = new ArrayList<>();
      pair.add(keys.get(i++));
      pair.add(value);
      pairs.add(pair);
    }
    return pairs;
  }

  private static String unwanted(Arguments a) {
    return a.get(0, "chars", null) == null ? "" : a.text(0, "chars").text();
  }

  private static List<FramedText> split(FramedText text, Arguments a) {
    int most = a.has(1, "maxsplit") ? a.integer(1, "maxsplit") : -1;
    if (a.get(0, "sep", null) == null) {
      if (most >= 0) {
        throw new TemplateException("split: maxsplit needs a separator");
      }
      return text.words();
    }
    return text.split(separator("split", a.text(0, "sep")), most);
  }

  private static String separator(String method, FramedText separator) {
    if (separator.length() == 0) {
      throw new TemplateException(method + ": the text to look for is empty");
    }
    return separator.text();
  }

  private static List<String> affixes(Arguments a) {
    Object value = a.get(0, "affix");
    List<Object> all = value instanceof List<?> list ? new ArrayList<>(list) : List.of(value);
    return all.stream().map(item -> Values.text(item).text()).toList();
  }

  static FramedText replaced(FramedText text, FramedText old, FramedText by, Object count) {
    int most = count == null ? -1 : Values.integer("replace: count", count);
    return joined(by, List.copyOf(text.split(separator("replace", old), most)));
  }

  static FramedText joined(FramedText separator, List<?> parts) {
    FramedText.Builder all = new FramedText.Builder();
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        all.append(separator);
      }
      all.append(Values.text(parts.get(i)));
    }
    return all.build();
  }

  static FramedText capitalized(FramedText text) {
    String lower = text.text().toLowerCase(Locale.ROOT);
    return lower.isEmpty()
        ? text
        : text.respelled(lower.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1));
  }

  static FramedText title(FramedText text) {
    StringBuilder title = new StringBuilder();
    boolean inWord = false;
    for (char c : text.text().toCharArray()) {
      title.append(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetter(c);
    }
    return text.respelled(title.toString());
  }
}
