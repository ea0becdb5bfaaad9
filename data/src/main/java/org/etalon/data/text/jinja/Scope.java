package org.etalon.data.text.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Names that a part of a template sees, where its output goes, and how much it may still do. */
final class Scope {
  /** Our choice: far beyond any conversation, and a hostile template still ends within seconds. */
  private static final int MOST_STEPS = 5_000_000;

  private static final int MOST_CHARACTERS = 64 << 20;

  private final Optional<Scope> outer;
  private final Map<String, Object> names = new HashMap<>();
  private final FramedText.Builder out;
  private final Run run;

  /** What all scopes of one rendering share. */
  private static final class Run {
    private int steps;
    private int line = 1;
    private int calls;
  }

  private Scope(Optional<Scope> outer, FramedText.Builder out, Run run) {
    this.outer = outer;
    this.out = out;
    this.run = run;
  }

  static Scope global(Map<String, Object> variables) {
    Scope scope = new Scope(Optional.empty(), new FramedText.Builder(), new Run());
    scope.names.putAll(variables);
    return scope;
  }

  /** A scope whose new names are not seen outside. */
  Scope inner() {
    return new Scope(Optional.of(this), out, run);
  }

  /** The same with an output of its own. */
  Scope aside() {
    return new Scope(Optional.of(this), new FramedText.Builder(), run);
  }

  Object get(String name) {
    for (Optional<Scope> scope = Optional.of(this); scope.isPresent(); scope = scope.get().outer) {
      if (scope.get().names.containsKey(name)) {
        return scope.get().names.get(name);
      }
    }
    return new Undefined(name);
  }

  void set(String name, Object value) {
    names.put(name, value);
  }

  void print(FramedText text) {
    if (out.length() + text.length() > MOST_CHARACTERS) {
      throw new TemplateException(
          "the template writes more than " + MOST_CHARACTERS + " characters");
    }
    out.append(text);
  }

  FramedText printed() {
    return out.build();
  }

  /** Notes where the template is, and that it did one more thing. */
  void step(int line) {
    run.line = line;
    if (++run.steps > MOST_STEPS) {
      throw new TemplateException("the template does not end after " + MOST_STEPS + " steps");
    }
  }

  int line() {
    return run.line;
  }

  void enterCall() {
    if (++run.calls > 100) {
      throw new TemplateException("macros call each other more than 100 deep");
    }
  }

  void leaveCall() {
    run.calls--;
  }
}
