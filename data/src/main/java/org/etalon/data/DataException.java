package org.etalon.data;

/**
 * Input that cannot be used: a malformed file, a missing field, a value out of range.
 *
 * <p>The message is one sentence for the person who owns the input: it names the file, line or
 * field, what was expected, what came, and the remedy. Command lines print it without a stack
 * trace.
 */
public final class DataException extends RuntimeException {
  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
