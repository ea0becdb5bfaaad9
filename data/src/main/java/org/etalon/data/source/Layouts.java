package org.etalon.data.source;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;

/** The known layouts by name, and the one that looks. */
public final class Layouts {
  /** The name of {@link #auto}. */
  public static final String AUTO = "auto";

  private Layouts() {}

  /**
   * A layout by name.
   *
   * @param seed of the order in which the options of multiple-choice questions are shown
   * @throws DataException if there is none; it names the known ones and the nearest
   */
  public static Layout named(String name, long seed) {
    if (name.equals(AUTO)) {
      return auto(seed);
    }
    if (name.equals(EtalonLayout.NAME)) {
      return new EtalonLayout();
    }
    for (PublicLayout layout : PublicLayouts.all(seed)) {
      if (layout.name().equals(name)) {
        return layout;
      }
    }
    String near = NearestName.of(name, names()).map(n -> "; did you mean " + n + "?").orElse("");
    throw new DataException("unknown layout " + name + ", known are " + names() + near);
  }

  /** The layout that looks at the first row's columns. */
  public static Layout auto(long seed) {
    return new Auto(seed);
  }

  /** What {@link #named} takes. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(List.of(AUTO, EtalonLayout.NAME));
    PublicLayouts.all(0).forEach(layout -> names.add(layout.name()));
    return names;
  }

  private record Auto(long seed) implements Layout {
    @Override
    public String name() {
      return AUTO;
    }

    @Override
    public Layout fitting(Row first) {
      Fields fields = Fields.of(first);
      List<PublicLayout> all = PublicLayouts.all(seed);
      for (PublicLayout layout : all) {
        if (layout.fits(fields)) {
          return layout;
        }
      }
      // Its own complaint is the more telling one where a field is misspelt.
      if (fields.at("prompt").isTextual()) {
        return new EtalonLayout();
      }
      String known =
          all.stream()
              .filter(layout -> !layout.columns().isEmpty())
              .map(layout -> layout.name() + " " + layout.columns())
              .collect(Collectors.joining(", "));
      throw new DataException(
          "%s: its columns %s fit no known layout: etalon [prompt, answer], %s; name the columns by"
                  .formatted(first.place(), Fields.columns(fields.root()), known)
              + " columns: {prompt: …, answer: …}");
    }

    @Override
    public Mapped map(Row row) {
      return fitting(row).map(row);
    }
  }
}
