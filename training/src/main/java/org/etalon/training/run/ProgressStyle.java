package org.etalon.training.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How progress is shown. */
public enum ProgressStyle {
  /** A bar that redraws itself, for a terminal. */
  BAR,
  /** Plain lines every few seconds, for logs and pipes. */
  LINES,
  /** Nothing. */
  QUIET;

  /** A bar on a terminal, else lines; nothing if {@code quiet}. */
  public static ProgressStyle detect(boolean quiet) {
    if (quiet) {
      return QUIET;
    }
    return errorIsTerminal() && !"dumb".equals(System.getenv("TERM")) ? BAR : LINES;
  }

  /**
   * Whether standard error is a terminal. {@code System.console} would answer for standard input
   * and output instead, and differently from JDK 22 on.
   */
  private static boolean errorIsTerminal() {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
