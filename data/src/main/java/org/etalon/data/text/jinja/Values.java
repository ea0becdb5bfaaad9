package org.etalon.data.text.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Python's rules for values: texts are {@link FramedText}, numbers {@link Long} or {@link Double},
 * None is {@code null}, lists are {@link List}, dictionaries are {@link Map} with {@link String}
 * keys.
 */
final class Values {
  private Values() {}

  static boolean truth(Object value) {
    if (value instanceof Boolean b) {
      return b;
    }
    if (value instanceof FramedText text) {
      return text.length() > 0;
    }
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (value instanceof Collection<?> list) {
      return !list.isEmpty();
    }
    if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }
    return value != null && !(value instanceof Undefined);
  }

  static boolean equal(Object a, Object b) {
    if (a instanceof FramedText x && b instanceof FramedText y) {
      return x.text().equals(y.text());
    }
    if (isNumber(a) && isNumber(b)) {
      return Double.compare(number(a), number(b)) == 0;
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      boolean same = x.size() == y.size();
      for (int i = 0; same && i < x.size(); i++) {
        same = equal(x.get(i), y.get(i));
      }
      return same;
    }
    if (a instanceof Undefined && b instanceof Undefined) {
      return true;
    }
    return Objects.equals(a, b);
  }

  static int compare(Object a, Object b) {
    if (a instanceof FramedText x && b instanceof FramedText y) {
      return x.text().compareTo(y.text());
    }
    if (isNumber(a) && isNumber(b)) {
      return Double.compare(number(a), number(b));
    }
    throw new TemplateException("cannot compare " + shown(a) + " with " + shown(b));
  }

  static boolean contains(Object container, Object item) {
    if (container instanceof FramedText text && item instanceof FramedText part) {
      return text.text().contains(part.text());
    }
    if (container instanceof List<?> list) {
      return list.stream().anyMatch(element -> equal(element, item));
    }
    if (container instanceof Map<?, ?> map) {
      return item instanceof FramedText key && map.containsKey(key.text());
    }
    if (container instanceof Undefined) {
      return false;
    }
    throw new TemplateException("cannot look for " + shown(item) + " in " + shown(container));
  }

  /** What a tag prints. */
  static FramedText text(Object value) {
    if (value instanceof FramedText text) {
      return text;
    }
    if (value instanceof Undefined) {
      return FramedText.EMPTY;
    }
    return FramedText.marked(represented(value), holdsData(value));
  }

  /** Python's {@code repr}. */
  static String represented(Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Boolean b) {
      return b ? "True" : "False";
    }
    if (value instanceof FramedText text) {
      return quoted(text.text());
    }
    if (value instanceof List<?> list) {
      return "[" + String.join(", ", list.stream().map(Values::represented).toList()) + "]";
    }
    if (value instanceof Map<?, ?> map) {
      List<String> entries = new ArrayList<>();
      map.forEach((k, v) -> entries.add("'" + k + "': " + represented(v)));
      return "{" + String.join(", ", entries) + "}";
    }
    if (value instanceof Callable) {
      throw new TemplateException("a function cannot be printed; call it");
    }
    return value.toString();
  }

  private static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    String escaped =
        text.replace("\\", "\\\\")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
            .replace("\r", "\\r")
            .replace(String.valueOf(quote), "\\" + quote);
    return quote + escaped + quote;
  }

  /** Whether any text in a value is data. */
  static boolean holdsData(Object value) {
    if (value instanceof FramedText text) {
      return text.holdsData();
    }
    if (value instanceof Collection<?> list) {
      return list.stream().anyMatch(Values::holdsData);
    }
    // Keys are plain strings that may come from anywhere.
    return value instanceof Map<?, ?> map && !map.isEmpty();
  }

  static List<Object> list(Object value) {
    List<Object> items = new ArrayList<>();
    if (value instanceof Collection<?> list) {
      items.addAll(list);
    } else if (value instanceof Map<?, ?> map) {
      map.keySet().forEach(key -> items.add(FramedText.data((String) key)));
    } else if (value instanceof FramedText text) {
      for (int i = 0; i < text.length(); i = text.text().offsetByCodePoints(i, 1)) {
        items.add(text.slice(i, text.text().offsetByCodePoints(i, 1)));
      }
    } else if (!(value instanceof Undefined)) {
      throw new TemplateException("expected a list, got " + shown(value));
    }
    return items;
  }

  static Object add(Object a, Object b) {
    if (a instanceof FramedText x && b instanceof FramedText y) {
      return x.plus(y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      List<Object> all = new ArrayList<>(x);
      all.addAll(y);
      return all;
    }
    return arithmetic("+", a, b);
  }

  static Object arithmetic(String operator, Object a, Object b) {
    if (!isNumber(a) || !isNumber(b)) {
      throw new TemplateException(
          "cannot compute " + shown(a) + " " + operator + " " + shown(b) + "; convert first");
    }
    if (!operator.equals("/") && !(a instanceof Double) && !(b instanceof Double)) {
      return whole(operator, (long) number(a), (long) number(b));
    }
    double x = number(a);
    double y = number(b);
    return switch (operator) {
      case "+" -> x + y;
      case "-" -> x - y;
      case "*" -> x * y;
      case "/" -> x / y;
      case "//" -> Math.floor(x / y);
      case "%" -> x - Math.floor(x / y) * y;
      default -> Math.pow(x, y);
    };
  }

  private static Object whole(String operator, long x, long y) {
    boolean divides = operator.equals("//") || operator.equals("%");
    if (divides && y == 0) {
      throw new TemplateException("cannot divide by 0");
    }
    return switch (operator) {
      case "+" -> x + y;
      case "-" -> x - y;
      case "*" -> x * y;
      case "//" -> Math.floorDiv(x, y);
      case "%" -> Math.floorMod(x, y);
      default -> {
        double power = Math.pow((double) x, (double) y);
        yield y < 0 ? (Object) power : (Object) (long) power;
      }
    };
  }

  private static boolean isNumber(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  private static double number(Object value) {
    return value instanceof Boolean b ? (b ? 1 : 0) : ((Number) value).doubleValue();
  }

  static int integer(String what, Object value) {
    if (value instanceof Long number && number == number.intValue()) {
      return number.intValue();
    }
    throw new TemplateException(what + ": expected a whole number, got " + shown(value));
  }

  /** A value in an error message: its kind, and never what a user wrote. */
  static String shown(Object value) {
    if (value instanceof Undefined undefined) {
      return "\"" + undefined.name() + "\", which is not defined";
    }
    if (value instanceof FramedText) {
      return "text";
    }
    if (value instanceof List) {
      return "a list";
    }
    if (value instanceof Map) {
      return "a dictionary";
    }
    return value instanceof Callable ? "a function" : represented(value);
  }
}
