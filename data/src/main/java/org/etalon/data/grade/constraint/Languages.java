package org.etalon.data.grade.constraint;

import static java.lang.Character.UnicodeScript.HIRAGANA;
import static java.lang.Character.UnicodeScript.KATAKANA;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.optimaize.langdetect.DetectedLanguage;
import com.optimaize.langdetect.LanguageDetector;
import com.optimaize.langdetect.LanguageDetectorBuilder;
import com.optimaize.langdetect.i18n.LdLocale;
import com.optimaize.langdetect.ngram.NgramExtractors;
import com.optimaize.langdetect.profiles.LanguageProfile;
import com.optimaize.langdetect.profiles.LanguageProfileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which language a text is in, by its letter n-grams; the same text always gives the same language.
 *
 * <p>Our choice: the languages of langdetect, which IFEval asks, and no others, because a near
 * dialect (Asturian, Galician) would win texts of its neighbour.
 */
final class Languages {
  private static final ImmutableSet<String> CODES =
      ImmutableSet.of(
          "af", "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "fa", "fi",
          "fr", "gu", "he", "hi", "hr", "hu", "id", "it", "ja", "kn", "ko", "lt", "lv", "mk", "ml",
          "mr", "ne", "nl", "no", "pa", "pl", "pt", "ro", "ru", "sk", "sl", "so", "sq", "sv", "sw",
          "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "zh-cn", "zh-tw");

  /** langdetect reads no more of a text either. */
  private static final int MOST_CHARS = 10_000;

  private static final ImmutableMap<String, String> BY_NAME = byName();

  private Languages() {}

  /** Loaded when the first language is asked for; reading the profiles takes a second. */
  private static final class Loaded {
    static final LanguageDetector DETECTOR = load();

    private static LanguageDetector load() {
      try {
        List<LanguageProfile> profiles = new ArrayList<>();
        for (LanguageProfile profile : new LanguageProfileReader().readAllBuiltIn()) {
          if (CODES.contains(code(profile.getLocale()))) {
            profiles.add(profile);
          }
        }
        return LanguageDetectorBuilder.create(NgramExtractors.standard())
            .withProfiles(profiles)
            .shortTextAlgorithm(0)
            .seed(1)
            .build();
      } catch (IOException e) {
        throw new UncheckedIOException(
            "the language profiles within the library are unreadable", e);
      }
    }
  }

  /** The code of a language that is given by code or English name; empty if it is not known. */
  static Optional<String> code(String codeOrName) {
    String wanted = Ascii.toLowerCase(PythonText.strip(codeOrName)).replace('_', '-');
    return CODES.contains(wanted) ? Optional.of(wanted) : Optional.ofNullable(BY_NAME.get(wanted));
  }

  /** Codes and names, for error messages. */
  static ImmutableSet<String> known() {
    return ImmutableSet.<String>builder().addAll(CODES).addAll(BY_NAME.keySet()).build();
  }

  /** The most probable language's code; empty if the text has no letters to tell it by. */
  static Optional<String> of(String text) {
    String begin = text.substring(0, Math.min(text.length(), MOST_CHARS));
    // Profiles know few capitals: a text in capitals has another language's n-grams, or none.
    String cased = PythonText.isUpper(begin) ? PythonText.lower(begin) : begin;
    if (isJapanese(begin)) {
      return Optional.of("ja");
    }
    List<DetectedLanguage> detected = Loaded.DETECTOR.getProbabilities(cased);
    return detected.isEmpty() ? Optional.empty() : Optional.of(code(detected.get(0).getLocale()));
  }

  /** Kana are Japanese alone; the profiles take a text with many Chinese characters for Chinese. */
  private static boolean isJapanese(String text) {
    long letters = text.codePoints().filter(Character::isLetter).count();
    long kana =
        text.codePoints()
            .mapToObj(Character.UnicodeScript::of)
            .filter(script -> script == HIRAGANA || script == KATAKANA)
            .count();
    return kana > 0 && kana * 5 >= letters;
  }

  /** What the code means, e.g. {@code French}. */
  static String name(String code) {
    return Locale.forLanguageTag(code).getDisplayName(Locale.ENGLISH);
  }

  private static String code(LdLocale locale) {
    return Ascii.toLowerCase(locale.toString());
  }

  private static ImmutableMap<String, String> byName() {
    ImmutableMap.Builder<String, String> names = ImmutableMap.builder();
    for (String code : CODES) {
      if (!code.startsWith("zh")) {
        names.put(Ascii.toLowerCase(name(code)), code);
      }
    }
    return names.put("chinese", "zh-cn").put("zh", "zh-cn").put("tagalog", "tl").buildKeepingLast();
  }
}
