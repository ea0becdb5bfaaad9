package org.etalon.data.grade.code;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;

/**
 * Finds the program of a response: its last fenced block.
 *
 * <p>LiveCodeBench takes what lies between the last two lines that hold three backticks. This does
 * the same wherever such lines come in pairs. Our choice where they do not: a block that is not
 * closed goes on to the end, as Markdown has it, where LiveCodeBench runs the prose before it; a
 * line that opens and closes is no fence; and {@code ~~~} fences too, at the start of a line.
 */
final class CodeBlock {
  private static final String TICKS = "```";
  private static final String TILDES = "~~~";

  private CodeBlock() {}

  /** The last block's text without its fences; empty if the response has no block. */
  static Optional<String> last(String response) {
    List<String> lines = Splitter.on('\n').splitToList(response);
    String open = "";
    int from = -1;
    int to = -1;
    for (int i = 0; i < lines.size(); i++) {
      String fence = fence(lines.get(i));
      if (fence.isEmpty()) {
        continue;
      }
      if (open.isEmpty()) {
        open = fence;
        from = i + 1;
        to = lines.size();
      } else if (fence.equals(open)) {
        open = "";
        to = i;
      }
    }
    return from < 0 ? Optional.empty() : Optional.of(String.join("\n", lines.subList(from, to)));
  }

  private static String fence(String line) {
    if (line.stripLeading().startsWith(TILDES)) {
      return TILDES;
    }
    int runs = 0;
    for (int at = line.indexOf(TICKS); at >= 0; at = line.indexOf(TICKS, at)) {
      runs++;
      while (at < line.length() && line.charAt(at) == '`') {
        at++;
      }
    }
    return runs % 2 == 1 ? TICKS : "";
  }
}
