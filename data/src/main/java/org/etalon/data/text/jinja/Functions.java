package org.etalon.data.text.jinja;

import com.google.common.collect.ImmutableMap;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The functions every template may call. */
final class Functions {
  private static final int LONGEST_RANGE = 100_000;

  /** Python's letters of {@code strftime} and what they stand for. */
  private static final ImmutableMap<Character, String> DATE_PARTS =
      ImmutableMap.<Character, String>builder()
          .put('d', "dd")
          .put('m', "MM")
          .put('Y', "yyyy")
          .put('y', "yy")
          .put('B', "MMMM")
          .put('b', "MMM")
          .put('A', "EEEE")
          .put('a', "EEE")
          .put('H', "HH")
          .put('I', "hh")
          .put('M', "mm")
          .put('S', "ss")
          .put('p', "a")
          .put('j', "DDD")
          .buildOrThrow();

  private Functions() {}

  /**
   * All functions by name.
   *
   * @param now what {@code strftime_now} formats
   */
  static Map<String, Object> all(ZonedDateTime now) {
    Map<String, Object> functions = new LinkedHashMap<>();
    functions.put("raise_exception", (Callable) Functions::raise);
    functions.put("namespace", (Callable) a -> new Namespace(a.named()));
    functions.put("dict", (Callable) a -> new LinkedHashMap<>(a.named()));
    functions.put("range", (Callable) Functions::range);
    functions.put("strftime_now", (Callable) a -> date(now, a.text(0, "format").text()));
    return functions;
  }

  private static Object raise(Arguments a) {
    throw new TemplateException(
        "the template refuses this conversation: " + Values.text(a.get(0, "message")).text());
  }

  private static List<Object> range(Arguments a) {
    int count = a.positional().size();
    int from = count < 2 ? 0 : a.integer(0, "start");
    int to = a.integer(count < 2 ? 0 : 1, "stop");
    int by = count < 3 ? 1 : a.integer(2, "step");
    if (by == 0 || Math.abs(((long) to - from) / by) > LONGEST_RANGE) {
      throw new TemplateException("range: more than " + LONGEST_RANGE + " numbers");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i += by) {
      numbers.add(i);
    }
    return numbers;
  }

  private static FramedText date(ZonedDateTime now, String format) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        text.append(c);
        continue;
      }
      char part = format.charAt(++i);
      if (part == '-' && i + 1 < format.length()) {
        part = format.charAt(++i);
        text.append(part(now, part).replaceFirst("^0(?=.)", ""));
      } else {
        text.append(part(now, part));
      }
    }
    return FramedText.framing(text.toString());
  }

  private static String part(ZonedDateTime now, char part) {
    if (part == '%') {
      return "%";
    }
    String pattern = DATE_PARTS.get(part);
    if (pattern == null) {
      throw new TemplateException("strftime_now: %" + part + " is not known here");
    }
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
  }
}
