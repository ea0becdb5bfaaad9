package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts LaTeX or plain mathematics into tokens; spellings of one thing become one token. */
final class FormulaLexer {
  /** What a token is. */
  enum Kind {
    NUMBER,
    SYMBOL,
    FUNCTION,
    COMMAND,
    OPERATOR,
    RELATION,
    WORD,
    SEPARATOR,
    BEGIN,
    FINISH,
    END
  }

  /** A token; {@code space} tells whether white space stood before it. */
  record Token(Kind kind, String text, boolean space) {
    boolean is(Kind other, String content) {
      return kind == other && text.equals(content);
    }
  }

  /** The text of a separator that is a word: something must follow it. */
  static final String AND = "and";

  private static final int MOST = 4000;

  private static final Pattern NUMBER =
      Pattern.compile(
          "(?:[1-9]\\d{0,2}(?:,\\d{3})+(?![0-9,])|\\d{1,3}(?: \\d{3})+(?![0-9 ]*[0-9])|\\d+)(?:\\.\\d+)?|\\.\\d+");
  private static final Pattern LETTERS = Pattern.compile("[A-Za-z]+");
  private static final Pattern TEXT =
      Pattern.compile(
          "\\\\(?:text(?:bf|rm|it|normal|sf|tt|sl|md|up)?|math(?:rm|bf|it|sf|tt|cal)|mbox|operatorname\\*?|rm|bf)\\s?\\{([^{}]{0,200})\\}");
  private static final Pattern QUAD = Pattern.compile("q?quad");
  private static final Pattern ENVIRONMENT = Pattern.compile("\\\\(begin|end)\\s?\\{([a-z*]+)\\}");

  private static final ImmutableSet<String> FUNCTIONS =
      ImmutableSet.of(
          "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh",
          "tanh", "ln", "log", "exp", "lg", "max", "min", "gcd", "lcm", "det");

  /** Functions that are no spelling but have a value all the same. */
  private static final ImmutableSet<String> VALUES =
      ImmutableSet.of("factorial", "abs", "floor", "ceil", "binom", "sum", "prod");

  /** Short words that are no products of variables. */
  private static final ImmutableSet<String> ENGLISH =
      ImmutableSet.of(
          "not", "no", "yes", "if", "to", "the", "is", "are", "for", "per", "mod", "all", "any",
          "but", "we", "it", "of", "at", "by", "one", "two", "six", "ten");

  private static final ImmutableMap<String, String> RELATIONS =
      ImmutableMap.<String, String>builder()
          .put("le", "<=")
          .put("leq", "<=")
          .put("leqslant", "<=")
          .put("ge", ">=")
          .put("geq", ">=")
          .put("geqslant", ">=")
          .put("lt", "<")
          .put("gt", ">")
          .put("ne", "!=")
          .put("neq", "!=")
          .put("approx", "~")
          .put("simeq", "~")
          .put("equiv", "=")
          .put("in", "in")
          .buildOrThrow();

  private static final ImmutableMap<String, String> OPERATORS =
      ImmutableMap.<String, String>builder()
          .put("cdot", "*")
          .put("times", "*")
          .put("ast", "*")
          .put("div", "/")
          .put("pm", "±")
          .put("mp", "∓")
          .put("cup", "∪")
          .put("bigcup", "∪")
          .put("cap", "∩")
          .put("setminus", "∖")
          .put("backslash", "∖")
          .put("colon", ":")
          .put("vert", "|")
          .put("mid", "|")
          .put("lvert", "|")
          .put("rvert", "|")
          .buildOrThrow();

  private static final ImmutableMap<String, String> SYMBOLS =
      ImmutableMap.<String, String>builder()
          .put("infty", "infinity")
          .put("infin", "infinity")
          .put("inf", "infinity")
          .put("infinity", "infinity")
          .put("oo", "infinity")
          .put("varphi", "phi")
          .put("varepsilon", "epsilon")
          .put("emptyset", "empty")
          .put("varnothing", "empty")
          .buildOrThrow();

  private static final ImmutableSet<String> STRUCTURES =
      ImmutableSet.of(
          "frac",
          "sqrt",
          "surd",
          "binom",
          "choose",
          "sum",
          "prod",
          "mathbb",
          "overline",
          "circ",
          "lfloor",
          "rfloor",
          "lceil",
          "rceil",
          "langle",
          "rangle");

  private static final ImmutableSet<String> NOTHING =
      ImmutableSet.of(
          "left",
          "right",
          "big",
          "Big",
          "bigg",
          "Bigg",
          "bigl",
          "bigr",
          "Bigl",
          "Bigr",
          "displaystyle",
          "textstyle",
          "limits",
          "quad",
          "qquad",
          "thinspace",
          "enspace",
          "hfill");

  private static final ImmutableMap<Character, String> CHARACTERS =
      ImmutableMap.<Character, String>builder()
          .put('≤', "<=")
          .put('≥', ">=")
          .put('≠', "!=")
          .put('≈', "~")
          .put('∈', "in")
          .buildOrThrow();

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private boolean space;

  private FormulaLexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) throws FormulaException {
    return new FormulaLexer(text).run();
  }

  /** Whether a function has a value that is known. */
  static boolean isKnown(String function) {
    return FUNCTIONS.contains(function) || VALUES.contains(function);
  }

  private List<Token> run() throws FormulaException {
    while (at < text.length()) {
      if (tokens.size() > MOST) {
        throw new FormulaException("too long");
      }
      char c = text.charAt(at);
      if (Character.isWhitespace(c) || c == '$' || c == '~') {
        space = true;
        at++;
      } else if (c == '\\') {
        command();
      } else if (Character.isDigit(c) || c == '.') {
        number();
      } else if (c < 128 && Character.isLetter(c)) {
        letters();
      } else {
        character(c);
      }
    }
    for (int i = 0; i < 3; i++) {
      add(Kind.END, "");
    }
    return tokens;
  }

  private void add(Kind kind, String content) {
    tokens.add(new Token(kind, content, space));
    space = false;
  }

  private void number() throws FormulaException {
    Matcher number = NUMBER.matcher(text);
    if (!number.region(at, text.length()).lookingAt()) {
      throw new FormulaException("a point without digits");
    }
    add(Kind.NUMBER, number.group().replace(",", "").replace(" ", ""));
    at = number.end();
  }

  private void letters() {
    Matcher letters = LETTERS.matcher(text).region(at, text.length());
    letters.lookingAt();
    at = letters.end();
    word(letters.group());
  }

  /** A run of letters: a function, a name, a word, or a product of variables. */
  private void word(String word) {
    if (FUNCTIONS.contains(word)) {
      add(Kind.FUNCTION, word);
    } else if (word.equals("sqrt")) {
      add(Kind.COMMAND, word);
    } else if (word.equals("and") || word.equals("or")) {
      add(Kind.SEPARATOR, AND);
    } else if (SYMBOLS.containsKey(word)) {
      add(Kind.SYMBOL, SYMBOLS.get(word));
    } else if (word.equals("pi") || word.length() == 1) {
      add(Kind.SYMBOL, word);
    } else if (word.length() <= 3 && !isEnglish(word)) {
      word.chars().forEach(c -> add(Kind.SYMBOL, String.valueOf((char) c)));
    } else {
      add(Kind.WORD, word);
    }
  }

  /** Capitals name points. */
  private static boolean isEnglish(String word) {
    boolean capitals = word.equals(word.toUpperCase(Locale.ROOT));
    return !capitals && ENGLISH.contains(word.toLowerCase(Locale.ROOT));
  }

  private void command() throws FormulaException {
    Matcher environment = ENVIRONMENT.matcher(text).region(at, text.length());
    if (environment.lookingAt()) {
      add(environment.group(1).equals("begin") ? Kind.BEGIN : Kind.FINISH, environment.group(2));
      at = environment.end();
      return;
    }
    Matcher macro = TEXT.matcher(text).region(at, text.length());
    if (macro.lookingAt()) {
      at = macro.end();
      textMacro(macro.group(1).strip());
      return;
    }
    Matcher letters = LETTERS.matcher(text).region(at + 1, text.length());
    if (!letters.lookingAt()) {
      escaped();
      return;
    }
    at = letters.end();
    Matcher quad = QUAD.matcher(letters.group());
    if (quad.lookingAt()) {
      // \quadx: a space that runs into a variable.
      at = letters.start() + quad.end();
      space = true;
      return;
    }
    String name =
        letters.group().replaceFirst("^[dtc]frac$", "frac").replaceFirst("^[dt]binom$", "binom");
    if (NOTHING.contains(name)) {
      space = true;
      // \left. and \right. stand for no bracket at all.
      if (name.matches("left|right") && at < text.length() && text.charAt(at) == '.') {
        at++;
      }
    } else if (RELATIONS.containsKey(name)) {
      add(Kind.RELATION, RELATIONS.get(name));
    } else if (OPERATORS.containsKey(name)) {
      add(Kind.OPERATOR, OPERATORS.get(name));
    } else if (STRUCTURES.contains(name)) {
      add(Kind.COMMAND, name);
    } else if (FUNCTIONS.contains(name)) {
      add(Kind.FUNCTION, name);
    } else {
      add(Kind.SYMBOL, SYMBOLS.getOrDefault(name, name));
    }
  }

  private void textMacro(String content) throws FormulaException {
    if (content.isEmpty()) {
      space = true;
    } else if (content.matches(",|;")) {
      add(Kind.SEPARATOR, ",");
    } else if (content.matches(",?\\s?(?:for (?:part )?\\(?[a-z]\\)?,? )?(?:and|or),?")) {
      add(Kind.SEPARATOR, AND);
    } else if (content.matches("\\(?[A-Za-z]\\)?")) {
      add(Kind.SYMBOL, content.replaceAll("[()]", ""));
    } else if (LETTERS.matcher(content).matches()
        && !FUNCTIONS.contains(content)
        && !SYMBOLS.containsKey(content)) {
      add(Kind.WORD, content);
    } else {
      tokens.addAll(withoutEnd(tokens(content)));
    }
  }

  private static List<Token> withoutEnd(List<Token> all) {
    return all.subList(0, all.size() - 3);
  }

  /** A backslash before something that is no letter. */
  private void escaped() throws FormulaException {
    if (at + 1 >= text.length()) {
      throw new FormulaException("a backslash at the end");
    }
    char c = text.charAt(at + 1);
    at += 2;
    switch (c) {
      case '{', '}' -> add(Kind.OPERATOR, "\\" + c);
      case '\\' -> add(Kind.SEPARATOR, "\\\\");
      case '%' -> add(Kind.OPERATOR, "%");
      case '|' -> add(Kind.OPERATOR, "|");
      default -> space = true;
    }
  }

  private void character(char c) throws FormulaException {
    for (String pair : new String[] {"<=", ">=", "!=", "=="}) {
      if (text.startsWith(pair, at)) {
        add(Kind.RELATION, pair.equals("==") ? "=" : pair);
        at += 2;
        return;
      }
    }
    at++;
    if (CHARACTERS.containsKey(c)) {
      add(Kind.RELATION, CHARACTERS.get(c));
    } else if ("<>=".indexOf(c) >= 0) {
      add(Kind.RELATION, String.valueOf(c));
    } else if (c == ',' || c == ';') {
      add(Kind.SEPARATOR, String.valueOf(c));
    } else if (c == '&') {
      add(Kind.SEPARATOR, "&");
    } else if ("+-*/^_()[]{}|!:%'±∓∪∩∖".indexOf(c) >= 0) {
      add(Kind.OPERATOR, String.valueOf(c));
    } else {
      switch (c) {
        case 'π' -> add(Kind.SYMBOL, "pi");
        case '∞' -> add(Kind.SYMBOL, "infinity");
        case '√' -> add(Kind.COMMAND, "surd");
        case '°' -> add(Kind.COMMAND, "degree");
        case '∅' -> add(Kind.SYMBOL, "empty");
        default -> {
          if (!Character.isLetter(c)) {
            throw new FormulaException("unknown character " + c);
          }
          add(Kind.SYMBOL, String.valueOf(c));
        }
      }
    }
  }
}
