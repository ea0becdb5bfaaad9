package org.etalon.savedmodels.wire;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;

/** A message that does not hold what its signature asks for. */
public final class WireException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private WireException(String message) {
    super(message);
  }

  @FormatMethod
  static WireException of(String format, Object... values) {
    return new WireException(String.format(Locale.ROOT, format, values));
  }
}
