package org.etalon.data.text.jinja;

/** What is wrong in a template, without the place, which {@link JinjaTemplate} adds. */
final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TemplateException(String message) {
    super(message);
  }
}
