package org.etalon.data.grade.constraint;

/** Something in a text that can be counted. */
sealed interface Quantity {
  int in(String text);

  /** What is counted, for a complaint: a noun in the plural. */
  String noun();

  /** What needs no further word to be counted. */
  enum Plain implements Quantity {
    /** Longest runs of letters, digits and underscores: {@code don't} is two. */
    WORDS("words"),
    SENTENCES("sentences"),
    /** Of the Latin alphabet. */
    LETTERS("letters"),
    CHARACTERS("characters"),
    /** Lines that are not blank. */
    LINES("lines"),
    /** Parts that are not blank between blank lines. */
    PARAGRAPHS("paragraphs"),
    BULLETS("bullets"),
    NUMBERED_ITEMS("numbered items"),
    PLACEHOLDERS("placeholders"),
    HIGHLIGHTS("highlighted parts"),
    CAPITAL_WORDS("words in capitals"),
    /** Whole words of small Latin letters only. */
    LOWERCASE_WORDS("words in small letters");

    private final String noun;

    Plain(String noun) {
      this.noun = noun;
    }

    @Override
    public int in(String text) {
      return switch (this) {
        case WORDS -> PythonText.words(text).size();
        case SENTENCES -> Sentences.of(text).size();
        case LETTERS -> (int) text.chars().filter(c -> c < 128 && Character.isLetter(c)).count();
        case CHARACTERS -> text.codePointCount(0, text.length());
        case LINES -> notBlank(text, "\n");
        case PARAGRAPHS -> notBlank(text, "\n\n");
        case BULLETS -> Markup.bullets(text);
        case NUMBERED_ITEMS -> Markup.numberedItems(text).size();
        case PLACEHOLDERS -> Markup.placeholders(text);
        case HIGHLIGHTS -> Markup.highlights(text);
        case CAPITAL_WORDS -> Tokens.capitals(text);
        case LOWERCASE_WORDS ->
            (int) PythonText.words(text).stream().filter(Plain::isSmallLatin).count();
      };
    }

    private static boolean isSmallLatin(String word) {
      return word.chars().allMatch(c -> c >= 'a' && c <= 'z');
    }

    @Override
    public String noun() {
      return noun;
    }

    private static int notBlank(String text, String separator) {
      return (int)
          PythonText.split(text, separator).stream()
              .filter(part -> !PythonText.isBlank(part))
              .count();
    }
  }

  /** A text in any case, within other words too, as IFEval counts keywords. */
  record Keyword(String keyword) implements Quantity {
    @Override
    public int in(String text) {
      return PythonText.occurrences(PythonText.lower(text), PythonText.lower(keyword));
    }

    @Override
    public String noun() {
      return "times \"" + keyword + "\"";
    }
  }

  /** A text in any case that is not part of a longer word. */
  record Word(String word) implements Quantity {
    @Override
    public int in(String text) {
      return Standalone.occurrences(text, word);
    }

    @Override
    public String noun() {
      return "times the word \"" + word + "\"";
    }
  }

  /** One character; in any case if so wanted. */
  record Letter(String letter, boolean anyCase) implements Quantity {
    @Override
    public int in(String text) {
      return anyCase
          ? PythonText.occurrences(PythonText.lower(text), PythonText.lower(letter))
          : PythonText.occurrences(text, letter);
    }

    @Override
    public String noun() {
      return "times the letter \"" + letter + "\"";
    }
  }

  /** Beginnings of sections: the marker, at most one blank, a number. */
  record Sections(String marker) implements Quantity {
    @Override
    public int in(String text) {
      int sections = 0;
      int at = text.indexOf(marker);
      while (at >= 0) {
        int after = at + marker.length();
        if (after < text.length() && PythonText.isBlank(text.charAt(after))) {
          after++;
        }
        int end = after;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
          end++;
        }
        sections += end > after ? 1 : 0;
        at = text.indexOf(marker, end > after ? end : at + 1);
      }
      return sections;
    }

    @Override
    public String noun() {
      return "sections \"" + marker + " X\"";
    }
  }
}
