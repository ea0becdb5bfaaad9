package org.etalon.data.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something that prints or sets names. */
interface Statement {
  /** How a loop goes on. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow run(Scope scope);

  /** Statements one after the other. */
  record Block(List<Statement> statements) implements Statement {
    @Override
    public Flow run(Scope scope) {
      for (Statement statement : statements) {
        Flow flow = statement.run(scope);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    }
  }

  /** Text between tags. */
  record Text(FramedText text) implements Statement {
    @Override
    public Flow run(Scope scope) {
      scope.print(text);
      return Flow.NEXT;
    }
  }

  /** <code>{{ … }}</code>. */
  record Print(int line, Expression expression) implements Statement {
    @Override
    public Flow run(Scope scope) {
      scope.step(line);
      scope.print(Values.text(expression.value(scope)));
      return Flow.NEXT;
    }
  }

  /** <code>{% if %}</code>; {@code elif} is one more in {@code no}. */
  record If(int line, Expression condition, Statement yes, Statement no) implements Statement {
    @Override
    public Flow run(Scope scope) {
      scope.step(line);
      return (Values.truth(condition.value(scope)) ? yes : no).run(scope);
    }
  }

  /** {@code break} or {@code continue}. */
  record Jump(Flow flow) implements Statement {
    @Override
    public Flow run(Scope scope) {
      return flow;
    }
  }

  /** Names that a value is given to; several take its elements. */
  record Targets(List<String> names) {
    void set(Scope scope, Object value) {
      if (names.size() == 1) {
        scope.set(names.get(0), value);
        return;
      }
      List<Object> items = Values.list(value);
      if (items.size() != names.size()) {
        throw new TemplateException(
            "expected %d values for %s, got %d".formatted(names.size(), names, items.size()));
      }
      for (int i = 0; i < names.size(); i++) {
        scope.set(names.get(i), items.get(i));
      }
    }
  }

  /** <code>{% for %}</code>. */
  record For(
      int line,
      Targets targets,
      Expression list,
      Optional<Expression> condition,
      Statement body,
      Statement otherwise)
      implements Statement {
    @Override
    public Flow run(Scope scope) {
      scope.step(line);
      List<Object> items = Values.list(list.value(scope));
      condition.ifPresent(wanted -> items.removeIf(item -> !keeps(scope, wanted, item)));
      if (items.isEmpty()) {
        return otherwise.run(scope);
      }
      for (int i = 0; i < items.size(); i++) {
        scope.step(line);
        Scope inner = scope.inner();
        targets.set(inner, items.get(i));
        inner.set("loop", loop(items, i));
        if (body.run(inner) == Flow.BREAK) {
          break;
        }
      }
      return Flow.NEXT;
    }

    private boolean keeps(Scope scope, Expression wanted, Object item) {
      Scope inner = scope.inner();
      targets.set(inner, item);
      return Values.truth(wanted.value(inner));
    }

    private static Map<String, Object> loop(List<Object> items, int i) {
      Map<String, Object> loop = new LinkedHashMap<>();
      loop.put("index0", (long) i);
      loop.put("index", i + 1L);
      loop.put("revindex0", items.size() - i - 1L);
      loop.put("revindex", (long) items.size() - i);
      loop.put("first", i == 0);
      loop.put("last", i == items.size() - 1);
      loop.put("length", (long) items.size());
      loop.put("previtem", i > 0 ? items.get(i - 1) : new Undefined("previtem"));
      loop.put("nextitem", i + 1 < items.size() ? items.get(i + 1) : new Undefined("nextitem"));
      return loop;
    }
  }

  /** <code>{% set a = … %}</code>. */
  record SetName(int line, Targets targets, Expression value) implements Statement {
    @Override
    public Flow run(Scope scope) {
      scope.step(line);
      targets.set(scope, value.value(scope));
      return Flow.NEXT;
    }
  }

  /** <code>{% set a.b = … %}</code>. */
  record SetField(int line, String name, String field, Expression value) implements Statement {
    @Override
    public Flow run(Scope scope) {
      scope.step(line);
      if (!(scope.get(name) instanceof Namespace namespace)) {
        throw new TemplateException(
            "only a namespace's fields can be set, and " + name + " is none");
      }
      namespace.set(field, value.value(scope));
      return Flow.NEXT;
    }
  }

  /** <code>{% set a %}…{% endset %}</code>. */
  record SetBlock(int line, String name, Statement body) implements Statement {
    @Override
    public Flow run(Scope scope) {
      scope.step(line);
      Scope aside = scope.aside();
      body.run(aside);
      scope.set(name, aside.printed());
      return Flow.NEXT;
    }
  }

  /** A parameter of a macro. */
  record Parameter(String name, Optional<Expression> otherwise) {}

  /** <code>{% macro %}</code>. */
  record Macro(String name, List<Parameter> parameters, Statement body) implements Statement {
    @Override
    public Flow run(Scope scope) {
      scope.set(name, (Callable) arguments -> call(scope, arguments));
      return Flow.NEXT;
    }

    private FramedText call(Scope scope, Arguments arguments) {
      scope.enterCall();
      Scope aside = scope.aside();
      List<String> names = new ArrayList<>();
      for (int i = 0; i < parameters.size(); i++) {
        Parameter parameter = parameters.get(i);
        names.add(parameter.name());
        Object value =
            arguments.has(i, parameter.name())
                ? arguments.get(i, parameter.name())
                : parameter
                    .otherwise()
                    .map(e -> Optional.ofNullable(e.value(aside)))
                    .orElseGet(() -> Optional.of(new Undefined(parameter.name())))
                    .orElse(null);
        aside.set(parameter.name(), value);
      }
      boolean known = names.containsAll(arguments.named().keySet());
      if (!known || arguments.positional().size() > parameters.size()) {
        throw new TemplateException("the macro " + name + " takes only " + names);
      }
      body.run(aside);
      scope.leaveCall();
      return aside.printed();
    }
  }
}
