package org.etalon.data.prepare.step;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.etalon.data.DataException;
import org.etalon.data.UnicodeText;
import org.etalon.data.prepare.Step;
import org.etalon.data.problem.Problem;

/**
 * Brings texts into one form, and drops what is empty, too long or no Unicode.
 *
 * <p>Our choice: composed characters (NFC), because NFKC would make 2³ a 23; line feeds as line
 * breaks; no control characters but tab and line feed; no blanks around a text.
 */
public final class Normalise implements Step {
  private static final int SHOWN = 200;
  private static final Pattern LINE_BREAK = Pattern.compile("\r\n|[\r\u0085\u2028\u2029]");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\ufeff&&[^\t\n]]");

  private final Options options;
  private final Optional<ToIntFunction<String>> tokens;

  /**
   * Limits of one sort of text.
   *
   * @param chars longest text, UTF-16 units; 0 for any length
   * @param tokens longest text, tokens; 0 for any length
   */
  public record Limit(int chars, int tokens) {
    /** Any length. */
    public static final Limit NONE = new Limit(0, 0);

    public Limit {
      Check.atLeast("longest text in characters", 0, chars);
      Check.atLeast("longest text in tokens", 0, tokens);
    }
  }

  /**
   * What is taken off, and how long texts may be.
   *
   * @param prefixes what is taken off the beginning of prompts, again and again
   * @param suffixes what is taken off their end
   * @param prompt longest prompts
   * @param trace longest traces
   * @param keepWithoutTraces whether a problem stays when its last trace goes
   */
  public record Options(
      List<String> prefixes,
      List<String> suffixes,
      Limit prompt,
      Limit trace,
      boolean keepWithoutTraces) {
    /** Nothing is taken off, any length. */
    public static final Options DEFAULT =
        new Options(ImmutableList.of(), ImmutableList.of(), Limit.NONE, Limit.NONE, false);

    public Options {
      prefixes = prefixes.stream().map(Normalise::clean).toList();
      suffixes = suffixes.stream().map(Normalise::clean).toList();
      if (prefixes.contains("") || suffixes.contains("")) {
        throw new DataException("prefixes and suffixes must be texts, got a blank one; remove it");
      }
    }

    boolean needsTokens() {
      return prompt.tokens > 0 || trace.tokens > 0;
    }

    static Options read(StepOptions from) {
      return new Options(
          from.texts("prefixes", DEFAULT.prefixes),
          from.texts("suffixes", DEFAULT.suffixes),
          new Limit(from.whole("maxPromptChars", 0), from.whole("maxPromptTokens", 0)),
          new Limit(from.whole("maxTraceChars", 0), from.whole("maxTraceTokens", 0)),
          from.flag("keepWithoutTraces", DEFAULT.keepWithoutTraces));
    }
  }

  /**
   * Without limits in tokens.
   *
   * @throws DataException if the options have such limits
   */
  public Normalise(Options options) {
    this(options, Optional.empty());
  }

  /**
   * @param tokens how many tokens a text has
   */
  public Normalise(Options options, ToIntFunction<String> tokens) {
    this(options, Optional.of(tokens));
  }

  private Normalise(Options options, Optional<ToIntFunction<String>> tokens) {
    this.options = options;
    this.tokens = tokens;
    if (options.needsTokens() && tokens.isEmpty()) {
      throw new DataException("limits in tokens need a tokenizer; set tokenizer");
    }
  }

  @Override
  public boolean isStateless() {
    return true;
  }

  @Override
  public Result apply(Problem problem) {
    String cleanPrompt = clean(problem.prompt());
    Span span = stripped(cleanPrompt);
    String prompt = cleanPrompt.substring(span.from, span.to);
    String answer = clean(problem.answer());
    Optional<Note> objection =
        objection(prompt, "prompt", options.prompt)
            .or(() -> objection(answer, "answer", Limit.NONE));
    if (objection.isPresent()) {
      return Result.dropped(objection.get());
    }
    List<String> traces = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    if (prompt.length() < cleanPrompt.length()) {
      notes.add(takenOff(cleanPrompt, span));
    }
    for (int i = 0; i < problem.traces().size(); i++) {
      String trace = clean(problem.traces().get(i));
      objection(trace, Traces.field(i), options.trace)
          .ifPresentOrElse(notes::add, () -> traces.add(trace));
    }
    Problem changed =
        new Problem(
            problem.id(), problem.subdomain(), prompt, answer, problem.traces(), problem.kind());
    Result result = Traces.result(changed, traces, notes, options.keepWithoutTraces);
    return new Result(result.kept().map(kept -> kept.withTraces(traces)), result.notes());
  }

  private Optional<Note> objection(String text, String field, Limit limit) {
    if (text.isEmpty()) {
      return Optional.of(new Note(field, "is empty", Map.of()));
    }
    int half = UnicodeText.firstHalfPair(text);
    if (half >= 0) {
      return Optional.of(
          new Note(field, "is no Unicode", Map.of("character", Integer.toString(half))));
    }
    if (limit.chars > 0 && text.length() > limit.chars) {
      return Optional.of(tooLong(field, "chars", text.length(), limit.chars));
    }
    if (limit.tokens > 0) {
      int length = tokens.orElseThrow().applyAsInt(text);
      if (length > limit.tokens) {
        return Optional.of(tooLong(field, "tokens", length, limit.tokens));
      }
    }
    return Optional.empty();
  }

  private static Note tooLong(String field, String unit, int length, int most) {
    return new Note(
        field, "is too long", Map.of(unit, Integer.toString(length), "most", "" + most));
  }

  private static Note takenOff(String text, Span kept) {
    return new Note(
        "prompt",
        "boilerplate taken off",
        Map.of(
            "before", Ascii.truncate(text.substring(0, kept.from), SHOWN, "…"),
            "after", Ascii.truncate(text.substring(kept.to), SHOWN, "…")));
  }

  /** A part of a text. */
  private record Span(int from, int to) {}

  /** What is left without prefixes and suffixes, in whatever order they stand. */
  private Span stripped(String text) {
    int from = 0;
    int to = text.length();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (String prefix : options.prefixes) {
        if (to - from >= prefix.length() && text.startsWith(prefix, from)) {
          from = afterBlanks(text, from + prefix.length(), to);
          changed = true;
        }
      }
      for (String suffix : options.suffixes) {
        if (to - from >= suffix.length() && text.startsWith(suffix, to - suffix.length())) {
          to = beforeBlanks(text, from, to - suffix.length());
          changed = true;
        }
      }
    }
    return new Span(from, to);
  }

  /** One form of a text. */
  static String clean(String text) {
    String lines = LINE_BREAK.matcher(text).replaceAll("\n");
    String plain = CONTROL.matcher(lines).replaceAll("");
    String composed = Normalizer.normalize(plain, Normalizer.Form.NFC);
    int to = beforeBlanks(composed, 0, composed.length());
    return composed.substring(afterBlanks(composed, 0, to), to);
  }

  private static int afterBlanks(String text, int from, int to) {
    int at = from;
    while (at < to && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int beforeBlanks(String text, int from, int to) {
    int at = to;
    while (at > from && isBlank(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u200b';
  }
}
