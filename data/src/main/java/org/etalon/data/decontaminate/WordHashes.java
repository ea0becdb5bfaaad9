package org.etalon.data.decontaminate;

import com.google.common.base.Ascii;
import java.util.Arrays;
import java.util.List;

/**
 * A 64-bit hash of every normalised word of a text, in order, found in one scan that makes no
 * strings.
 *
 * <p>The words are those of {@link Words}. A text with characters that need normalising is handed
 * to it, at about a tenth of the speed.
 */
public final class WordHashes {
  private static final long SEED = 0xCBF29CE484222325L;
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  /** Look and spacing only. */
  private static final String[] BLANKS = {
    "left",
    "right",
    "big",
    "bigl",
    "bigr",
    "bigm",
    "bigg",
    "biggl",
    "biggr",
    "biggm",
    "displaystyle",
    "textstyle",
    "scriptstyle",
    "limits",
    "nolimits",
    "text",
    "textrm",
    "textbf",
    "textit",
    "textsf",
    "texttt",
    "textnormal",
    "mathrm",
    "mathbf",
    "mathit",
    "mathsf",
    "mathtt",
    "mathnormal",
    "operatorname"
  };

  private final String text;
  private long[] hashes;
  private int count;

  private WordHashes(String text) {
    this.text = text;
    this.hashes = new long[Math.max(16, text.length() / 4)];
  }

  /** The hashes of a text's words; empty if it has none. */
  public static long[] of(String text) {
    WordHashes scan = new WordHashes(text);
    if (!scan.run()) {
      return slowly(text);
    }
    return Arrays.copyOf(scan.hashes, scan.count);
  }

  private static long[] slowly(String text) {
    List<String> words = Words.of(text);
    long[] hashes = new long[words.size()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash(words.get(i));
    }
    return hashes;
  }

  private static long hash(String word) {
    long hash = SEED;
    for (int i = 0; i < word.length(); i++) {
      hash = (hash ^ word.charAt(i)) * FACTOR;
    }
    return mixed(hash);
  }

  /** Whether the whole text could be scanned. */
  private boolean run() {
    byte[] kinds = CharKinds.KIND;
    char[] folded = CharKinds.FOLDED;
    // A plain array is read without the checks that a string makes for every character.
    char[] chars = text.toCharArray();
    long hash = SEED;
    byte last = CharKinds.GAP;
    int at = 0;
    while (at < chars.length) {
      char c = chars[at];
      byte kind = kinds[c];
      if (kind != last || kind == CharKinds.IDEOGRAPH) {
        if (kind == CharKinds.HARD) {
          return false;
        }
        if (last != CharKinds.GAP) {
          add(mixed(hash));
          hash = SEED;
        }
        last = kind;
      }
      if (kind != CharKinds.GAP) {
        hash = (hash ^ folded[c]) * FACTOR;
      } else if (c == '\\') {
        int end = afterCommand(at + 1);
        if (end < 0) {
          return false;
        }
        at = end - 1;
      }
      at++;
    }
    if (last != CharKinds.GAP) {
      add(mixed(hash));
    }
    return true;
  }

  /**
   * Where to go on after a backslash: behind a command that says nothing, else {@code at}; −1 if
   * that cannot be told.
   */
  private int afterCommand(int at) {
    char c = at < text.length() ? text.charAt(at) : ' ';
    return switch (Ascii.toLowerCase(c)) {
      case 'q' -> {
        int quad = stands("qquad", at) ? 5 : stands("quad", at) ? 4 : 0;
        yield at + quad;
      }
      case 'h', 'v' -> stands("space", at + 1) ? afterSpace(at, at + 6) : at;
      // Its first letter is all that tells it from \frac.
      case 'd', 't', 'c' -> stands("frac", at + 1) ? at + 1 : afterBlank(at);
      case 'l', 'r', 'b', 's', 'n', 'm', 'o' -> afterBlank(at);
      default -> at;
    };
  }

  private int afterSpace(int command, int at) {
    int open = at < text.length() && text.charAt(at) == '*' ? at + 1 : at;
    if (open >= text.length() || text.charAt(open) != '{') {
      return command;
    }
    for (int i = open + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '}') {
        return i + 1;
      }
      if (c == '{') {
        return command;
      }
      if (CharKinds.KIND[c] == CharKinds.HARD) {
        return -1;
      }
    }
    return command;
  }

  private int afterBlank(int at) {
    int end = at;
    while (end < text.length() && isAsciiLetter(text.charAt(end))) {
      end++;
    }
    for (String blank : BLANKS) {
      if (end - at == blank.length() && stands(blank, at)) {
        return end;
      }
    }
    return at;
  }

  /** Whether a word of ASCII letters stands there, in whatever case. */
  private boolean stands(String word, int at) {
    return text.regionMatches(true, at, word, 0, word.length());
  }

  private static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private void add(long hash) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, count * 2);
    }
    hashes[count++] = hash;
  }

  /** The finaliser of MurmurHash3 (public domain). */
  private static long mixed(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
    h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return h ^ (h >>> 33);
  }
}
