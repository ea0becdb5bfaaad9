package org.etalon.graph.program;

import java.util.Locale;

/**
 * Lifts JavaCPP's own limits on native memory. They are a few times the Java heap, whatever the
 * machine has, and would stop a long run in the middle of a step.
 */
public final class NativeMemory {
  private NativeMemory() {}

  /** To be called before TensorFlow's classes load; a limit that the user has set stays. */
  public static void lift() {
    for (String limit : new String[] {"maxBytes", "maxPhysicalBytes"}) {
      String key = "org.bytedeco.javacpp." + limit.toLowerCase(Locale.ROOT);
      if (System.getProperty(key) == null
          && System.getProperty("org.bytedeco.javacpp." + limit) == null) {
        System.setProperty(key, "0");
      }
    }
  }
}
