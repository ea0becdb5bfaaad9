package org.etalon.data.text.jinja;

/**
 * A piece of a template.
 *
 * @param text the characters; of a string what it stands for
 * @param line where it begins, from 1
 */
record Token(Kind kind, String text, int line) {
  /** What a piece is. */
  enum Kind {
    /** Text between tags. */
    TEXT,
    /** The start of an expression tag. */
    PRINT,
    /** The start of a statement tag. */
    STATEMENT,
    /** The end of either. */
    CLOSE,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind other, String content) {
    return kind == other && text.equals(content);
  }

  String shown() {
    return switch (kind) {
      case END -> "the end of the template";
      case CLOSE -> "the end of the tag";
      default -> "\"" + text + "\"";
    };
  }
}
