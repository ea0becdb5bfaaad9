package org.etalon.notebooks;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that a cell shows.
 *
 * @param kind {@link #STREAM} for printed text, else a media type
 * @param content what was printed, or the text of that media type
 */
record Output(String kind, String content) {
  static final String STREAM = "stream";
  static final String SVG = "image/svg+xml";
  private static final String HTML = "text/html";

  /** What stands before, between and behind a media type and its content in what a cell prints. */
  private static final char BEGIN = '\u0001';

  private static final char MIDDLE = '\u0002';
  private static final char END = '\u0003';

  /**
   * The kernel's display functions, for a shell without the kernel: what they show is printed
   * between marks. Like the kernel they give an id back.
   */
  static final List<String> DISPLAY =
      List.of(
          """
          String show_(String type, Object shown) {
            System.out.print("\\u0001" + type + "\\u0002" + shown + "\\u0003");
            return java.util.UUID.randomUUID().toString();
          }
          """,
          // Two methods of one name do not see each other here.
          "String display(String type, Object shown) { return show_(type, shown); }",
          "String display(Object shown) { return show_(\"text/html\", shown); }");

  /** What a cell showed, in order, from what it printed. Drawings are of their own type. */
  static List<Output> parse(String printed) {
    List<Output> outputs = new ArrayList<>();
    int at = 0;
    while (at < printed.length()) {
      int begin = printed.indexOf(BEGIN, at);
      if (begin != at) {
        outputs.add(
            new Output(STREAM, printed.substring(at, begin < 0 ? printed.length() : begin)));
      }
      if (begin < 0) {
        break;
      }
      int middle = printed.indexOf(MIDDLE, begin);
      int end = printed.indexOf(END, middle);
      String content = printed.substring(middle + 1, end);
      outputs.add(new Output(type(printed.substring(begin + 1, middle), content), content));
      at = end + 1;
    }
    return outputs;
  }

  /**
   * The kernel has no type for drawings, so notebooks show them as HTML. Kept in a file, they are
   * what they are: viewers that leave elements they do not know out of HTML draw them too.
   */
  private static String type(String type, String content) {
    return type.equals(HTML) && content.startsWith("<svg ") ? SVG : type;
  }
}
