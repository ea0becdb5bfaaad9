package org.etalon.training.eval;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.etalon.data.DataException;
import org.etalon.data.manifest.Manifest;
import org.etalon.training.config.FleetSettings;
import org.etalon.training.run.AtomicFiles;

/**
 * Everything a benchmark's samples depend on, kept beside them in {@code plan.json}: samples of
 * another model, file or sampling are never taken for these.
 *
 * @param values name and value, files as their SHA-256
 */
record Plan(Map<String, String> values) {
  static final String FILE = "plan.json";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** One SHA-256 for a file, or for all files below a folder by name. */
  static String digest(Path path) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (Manifest.Entry entry : Manifest.of("", "", "", "").withInput("", path).inputs()) {
      hasher.putString(entry.path(), StandardCharsets.UTF_8).putByte((byte) 0);
      hasher.putString(entry.sha256(), StandardCharsets.UTF_8);
    }
    return hasher.hash().toString();
  }

  /** Says that servers draw the samples, whose random numbers are others than this process's. */
  static void addFleet(Map<String, String> values, FleetSettings fleet) {
    if (fleet.hasServers()) {
      values.put("fleet", fleet.weights().toString());
    }
  }

  /**
   * Writes the plan into a folder that has none.
   *
   * @throws DataException if the folder was begun under another plan; it names what differs
   */
  void begin(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      AtomicFiles.write(file, out -> out.write(JSON.writeValueAsBytes(values)));
      return;
    }
    Map<String, String> there = read(file);
    Set<String> names = new LinkedHashSet<>(values.keySet());
    names.addAll(there.keySet());
    List<String> differences = new ArrayList<>();
    names.forEach(
        name -> {
          String here = values.getOrDefault(name, "nothing");
          String before = there.getOrDefault(name, "nothing");
          if (!before.equals(here)) {
            differences.add(
                here.length() == 64
                    ? name + " has changed"
                    : name + " (" + before + " there, " + here + " here)");
          }
        });
    if (!differences.isEmpty()) {
      throw new DataException(
          folder
              + " holds samples of something else: "
              + String.join(", ", differences)
              + "; go on with the same, or choose another --out");
    }
  }

  private static Map<String, String> read(Path file) {
    try {
      return JSON.readValue(file.toFile(), new TypeReference<LinkedHashMap<String, String>>() {});
    } catch (IOException e) {
      throw new DataException(
          file + " cannot be read: " + e.getMessage() + "; choose another --out", e);
    }
  }
}
