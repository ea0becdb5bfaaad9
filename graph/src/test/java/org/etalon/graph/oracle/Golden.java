package org.etalon.graph.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A golden file: lines {@code name v1 v2 …} of numbers, names unique, {@code #} starts a comment
 * line. Written by {@code src/test/python/make_golden.py}.
 */
public final class Golden {
  private final String file;
  private final Map<String, double[]> values;

  private Golden(String file, Map<String, double[]> values) {
    this.file = file;
    this.values = values;
  }

  /**
   * Reads resource {@code /golden/<file>}.
   *
   * @throws IllegalArgumentException if it is not there or a name comes twice
   */
  public static Golden read(String file) {
    Map<String, double[]> values = new LinkedHashMap<>();
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no golden file " + file + "; run make_golden.py");
      }
      var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] words = line.trim().split("\\s+", -1);
          double[] numbers =
              Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
          if (values.put(words[0], numbers) != null) {
            throw new IllegalArgumentException(file + ": " + words[0] + " comes twice");
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Golden(file, values);
  }

  /** All names that start with a prefix, in file order. */
  public List<String> names(String prefix) {
    return values.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /** The numbers of a line. */
  public double[] vector(String name) {
    double[] vector = values.get(name);
    if (vector == null) {
      throw new IllegalArgumentException(file + " has no line " + name);
    }
    return vector.clone();
  }

  /** The one number of a line. */
  public double number(String name) {
    return vector(name)[0];
  }

  /** The numbers of a line as ints. */
  public int[] ints(String name) {
    return Arrays.stream(vector(name)).mapToInt(v -> (int) v).toArray();
  }

  /** The numbers of a line as a boolean mask: 1 is true. */
  public boolean[] mask(String name) {
    double[] vector = vector(name);
    boolean[] mask = new boolean[vector.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = vector[i] == 1;
    }
    return mask;
  }

  /** The model of line {@code config}, fields in the order of {@link NaiveConfig}; 1 is true. */
  public NaiveConfig config() {
    double[] c = vector("config");
    return new NaiveConfig(
        (int) c[0],
        (int) c[1],
        (int) c[2],
        (int) c[3],
        (int) c[4],
        (int) c[5],
        (int) c[6],
        c[7],
        c[8],
        c[9] == 1,
        c[10] == 1,
        c[11] == 1);
  }
}
