package org.etalon.data.builtin;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;

/**
 * Who and what a story is about: its last two parameters, from 1.
 *
 * @param name a person
 * @param things what there are several of
 */
record Cast(String name, String things) {
  private static final ImmutableList<String> NAMES =
      ImmutableList.of("Tom", "Mia", "Leo", "Ava", "Sam", "Zoe", "Ben", "Lily", "Max", "Eva");
  private static final ImmutableList<String> THINGS =
      ImmutableList.of("apples", "marbles", "books", "stickers", "pencils", "coins", "cards");

  /** The numbers of a story, followed by a drawn cast. */
  static int[] drawn(Draw draw, int... numbers) {
    int[] p = Arrays.copyOf(numbers, numbers.length + 2);
    p[numbers.length] = draw.in(1, NAMES.size());
    p[numbers.length + 1] = draw.in(1, THINGS.size());
    return p;
  }

  static Cast of(int... p) {
    return new Cast(NAMES.get(p[p.length - 2] - 1), THINGS.get(p[p.length - 1] - 1));
  }

  /**
   * Fills in a story.
   *
   * @param story with {@code N} for the name, {@code T} for the things and {@code a}, {@code b},
   *     {@code c} in braces for the numbers
   */
  String tell(String story, int... p) {
    String told = story.replace("{N}", name).replace("{T}", things);
    for (int i = 0; i < p.length - 2; i++) {
      told = told.replace("{" + (char) ('a' + i) + "}", Integer.toString(p[i]));
    }
    return told;
  }
}
