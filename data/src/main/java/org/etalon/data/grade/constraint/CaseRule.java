package org.etalon.data.grade.constraint;

import java.util.Optional;

/** Rules on letters: their language and their case. */
sealed interface CaseRule extends Rule {
  /**
   * The whole text in one language.
   *
   * <p>Our choice: a text whose language cannot be told breaks the rule; IFEval lets it pass, which
   * would reward digits.
   *
   * @param code the language's code
   */
  record InLanguage(String code) implements CaseRule {
    @Override
    public Optional<String> complaint(String text) {
      Optional<String> language = Languages.of(text);
      return Rule.unless(
          language.isPresent() && language.get().equals(code),
          "in %s, %s wanted"
              .formatted(
                  language.map(Languages::name).orElse("no known language"), Languages.name(code)));
    }
  }

  /** English, in capitals. */
  record AllCapitals() implements CaseRule {
    @Override
    public Optional<String> complaint(String text) {
      return PythonText.isUpper(text) ? english(text) : Optional.of("not all letters are capitals");
    }
  }

  /** English, in small letters. */
  record AllLowercase() implements CaseRule {
    @Override
    public Optional<String> complaint(String text) {
      return PythonText.isLower(text) ? english(text) : Optional.of("not all letters are small");
    }
  }

  /** Our choice: a text of fewer letters is too short to call it another language. */
  int LETTERS_TO_TELL = 20;

  private static Optional<String> english(String text) {
    Optional<String> language = Languages.of(text);
    boolean told = text.codePoints().filter(Character::isLetter).count() >= LETTERS_TO_TELL;
    return told && language.isPresent() && !language.get().equals("en")
        ? Optional.of("in " + Languages.name(language.get()) + ", English wanted")
        : Optional.empty();
  }
}
