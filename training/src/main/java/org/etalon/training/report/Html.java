package org.etalon.training.report;

import java.util.Locale;

/** Text and numbers as the report writes them. */
final class Html {
  private Html() {}

  /** Text made safe between tags and inside quoted attributes. */
  static String escape(String text) {
    var safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '\uFFFD' : c);
      }
    }
    return safe.toString();
  }

  /** A share as a percentage with one digit. */
  static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f\u00a0%%", 100 * share) : "–";
  }

  /** A number with about four significant digits, without trailing zeros. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return "–";
    }
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e6) {
      return Long.toString((long) value);
    }
    if (size >= 1e6 || size < 1e-3) {
      return String.format(Locale.ROOT, "%.1e", value)
          .replaceAll("\\.0e", "e")
          .replaceAll("e\\+?(-?)0*", "e$1");
    }
    int digits = size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 3 : 5;
    return String.format(Locale.ROOT, "%." + digits + "f", value)
        .replaceAll("0+$", "")
        .replaceAll("\\.$", "");
  }

  /** A pixel coordinate: one digit is enough and keeps the file small. */
  static String px(double value) {
    double rounded = Math.round(value * 10) / 10.0;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }

  /** A section with its heading. */
  static String section(String id, String title, String lead, String body) {
    return """
        <section id="%s">
        <h2>%s</h2>
        <p class="lead">%s</p>
        %s</section>
        """
        .formatted(id, escape(title), lead, body);
  }

  /** The place of a part that has no data yet. */
  static String notYet(String command) {
    return "<p class=\"empty\">Not yet run: <code>etalon " + escape(command) + "</code></p>\n";
  }
}
