package org.etalon.data.grade;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads which option a few words name, by its letter or by what it says. */
final class OptionReader {
  private static final String OPENER =
      "[(\\[{$*_\"'\u201c\\s]|\\\\[(\\[]"
          + "|\\\\(?:text|textbf|textit|textrm|mathrm|mathbf|bf|rm)(?![a-z])";
  private static final String OPEN = "(?:" + OPENER + ")*+";
  private static final String CLOSE = "(?:[)\\]}$*_\"'\u201d]|\\\\[)\\]])*+";

  private static final Pattern CHOICE =
      Pattern.compile(
          "((?:"
              + OPENER
              + "|(?i:the|correct|final|option|choice|answer|is)\\b[\\s:]*+)*+)"
              + "([A-Ja-j])(?![A-Za-z0-9'\u2019])("
              + CLOSE
              + ")(.*)",
          Pattern.DOTALL);

  /** A second letter right behind the first one. */
  private static final Pattern SECOND =
      Pattern.compile(
          "\\s*+(?:[,;/&+]|and\\b|or\\b)[\\s,;/&+]*+(?:and\\b|or\\b)?"
              + OPEN
              + "[A-J](?![A-Za-z0-9'\u2019]).*",
          Pattern.DOTALL);

  /** What may follow a bare letter: the end, a mark before the option's text, a reason. */
  private static final Pattern FOLLOWS =
      Pattern.compile(
          "\\s*+(?:$|[.):,;=\u2013\u2014\\\\!-].*|(?:because|since|as|due|which|given|based)\\b.*)",
          Pattern.DOTALL);

  private static final Pattern OPENED = Pattern.compile("[^A-Za-z\\s:]");

  private static final Pattern NOT_SAID =
      Pattern.compile(
          "\\\\(?:text|textbf|textrm|mathrm|mathbf|left|right|displaystyle|quad|qquad)(?![A-Za-z])"
              + "|\\\\[,;:! ()\\[\\]]|[\\s{}$*]");

  private final List<String> texts;
  private final List<String> said;

  /**
   * A reader that knows what the options say.
   *
   * @param texts A first; empty if they are not known
   */
  OptionReader(List<String> texts) {
    this.texts = texts;
    this.said = texts.stream().map(OptionReader::said).toList();
  }

  /** The option that a box names; a small letter will do. */
  Optional<Character> inBox(String text) {
    return read(text, true);
  }

  /** The option that the rest of a sentence names; a small letter may be its article. */
  Optional<Character> inSentence(String text) {
    return read(text, false);
  }

  /** The only option that says this; empty if the options are not known. */
  Optional<Character> byText(String text) {
    String wanted = said(text);
    int at = said.indexOf(wanted);
    boolean one = at >= 0 && at == said.lastIndexOf(wanted) && !wanted.isEmpty();
    return one ? Optional.of((char) ('A' + at)) : Optional.empty();
  }

  private Optional<Character> read(String text, boolean small) {
    Matcher choice = CHOICE.matcher(text);
    if (!choice.matches()) {
      return byText(text);
    }
    char letter = choice.group(2).toUpperCase(Locale.ROOT).charAt(0);
    String rest = choice.group(4);
    boolean enclosed = OPENED.matcher(choice.group(1)).find() && !choice.group(3).isEmpty();
    boolean capital = choice.group(2).charAt(0) == letter;
    boolean alone = !choice.group(3).isEmpty() || FOLLOWS.matcher(rest).matches();
    if (!alone || !(capital || small || enclosed)) {
      return byText(text);
    }
    boolean known = texts.isEmpty() || letter - 'A' < texts.size();
    if (!known || SECOND.matcher(rest).matches()) {
      return Optional.empty();
    }
    Optional<Character> says = byText(rest.replaceFirst("^[\\s.):,;=\u2013\u2014-]+", ""));
    return says.isPresent() && says.get() != letter ? Optional.empty() : Optional.of(letter);
  }

  /** What a text says: without blanks, formula marks, case and a final full stop. */
  private static String said(String text) {
    String bare = NOT_SAID.matcher(text).replaceAll("");
    return (bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare)
        .toLowerCase(Locale.ROOT);
  }
}
