package org.etalon.savedmodels.serve;

import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.text.Tokenizer;

/**
 * The text of one row as its tokens come: whole characters only, ended before the first stop text,
 * and without what may still become one.
 */
final class TextStream {
  private static final char UNFINISHED = '\ufffd';

  private final Tokenizer tokenizer;
  private final List<String> stops;
  private final List<Integer> stopIds;
  private final List<Integer> ids = new ArrayList<>();
  private String text = "";
  private int given;
  private boolean stopped;

  /**
   * @param stops texts that end the row; they are not part of it
   * @param stopIds tokens that end it and have no text
   */
  TextStream(Tokenizer tokenizer, List<String> stops, List<Integer> stopIds) {
    this.tokenizer = tokenizer;
    this.stops = stops;
    this.stopIds = stopIds;
  }

  /**
   * Adds tokens.
   *
   * @return whether the row goes on
   */
  boolean add(int[] more) {
    if (stopped) {
      return false;
    }
    for (int id : more) {
      if (!stopIds.contains(id)) {
        ids.add(id);
      }
    }
    text = tokenizer.decode(Ints.toArray(ids));
    int first = -1;
    for (String stop : stops) {
      int at = text.indexOf(stop);
      first = at < 0 ? first : first < 0 ? at : Math.min(first, at);
    }
    if (first >= 0) {
      text = text.substring(0, first);
      stopped = true;
    }
    return !stopped;
  }

  /** Text that is certain and was not given before. */
  String next() {
    return upTo(stopped ? text.length() : text.length() - held());
  }

  /** What is left at the end. */
  String rest() {
    return upTo(text.length());
  }

  /** All of it. */
  String text() {
    return text;
  }

  private String upTo(int end) {
    String piece = end > given ? text.substring(given, end) : "";
    given = Math.max(given, end);
    return piece;
  }

  /** Characters at the end that may change, or become a stop text. */
  private int held() {
    int held = 0;
    while (held < text.length() && text.charAt(text.length() - 1 - held) == UNFINISHED) {
      held++;
    }
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, text.length()); n > held; n--) {
        if (text.endsWith(stop.substring(0, n))) {
          held = n;
        }
      }
    }
    return held;
  }
}
