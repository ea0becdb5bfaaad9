package org.etalon.data.builtin;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;

/**
 * Who and what a story is about, chosen by its numbers alone, so that equal numbers make the same
 * story.
 *
 * @param name a person
 * @param things what there are several of
 */
record Cast(String name, String things) {
  private static final ImmutableList<String> NAMES =
      ImmutableList.of("Tom", "Mia", "Leo", "Ava", "Sam", "Zoe", "Ben", "Lily", "Max", "Eva");
  private static final ImmutableList<String> THINGS =
      ImmutableList.of("apples", "marbles", "books", "stickers", "pencils", "coins", "cards");

  static Cast of(int... numbers) {
    long hash = Draw.hash(Arrays.toString(numbers));
    int who = (int) Math.floorMod(hash, (long) NAMES.size());
    int what = (int) Math.floorMod(hash / NAMES.size(), (long) THINGS.size());
    return new Cast(NAMES.get(who), THINGS.get(what));
  }
}
