package org.etalon.data.text.jinja;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import org.etalon.data.DataException;

/**
 * A parsed template. Rendering reaches nothing but the given values, and ends: steps, depth and
 * output are bounded. Safe for use from many threads.
 */
public final class JinjaTemplate {
  private final String place;
  private final Statement statement;

  private JinjaTemplate(String place, Statement statement) {
    this.place = place;
    this.statement = statement;
  }

  /**
   * Parses a template.
   *
   * @param place where it stands, for errors
   * @throws DataException naming place and line of what is malformed or not supported
   */
  public static JinjaTemplate parse(String place, String source) {
    try {
      return new JinjaTemplate(place, StatementParser.parse(source));
    } catch (TemplateException e) {
      throw new DataException(
          place + ", " + e.getMessage() + "; correct the template or remove it", e);
    }
  }

  /**
   * Renders the template.
   *
   * @param variables {@link FramedText}, {@link Boolean}, {@link Long}, {@link Double}, {@code
   *     null} for None, and lists and maps of these
   * @throws DataException naming place and line if the template refuses the values, asks for what
   *     is not there, or does not end
   */
  public FramedText render(Map<String, Object> variables) {
    Map<String, Object> names =
        new HashMap<>(Functions.all(ZonedDateTime.now(ZoneId.systemDefault())));
    names.putAll(variables);
    Scope scope = Scope.global(names);
    try {
      statement.run(scope);
      return scope.printed();
    } catch (TemplateException e) {
      throw new DataException(place + ", line " + scope.line() + ": " + e.getMessage(), e);
    }
  }
}
