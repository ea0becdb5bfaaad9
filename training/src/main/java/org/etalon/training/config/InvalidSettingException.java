package org.etalon.training.config;

/** A setting out of range; carries the dotted key so that its file and line can be named. */
final class InvalidSettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;

  InvalidSettingException(String key, String message) {
    super(message);
    this.key = key;
  }

  String key() {
    return key;
  }
}
