package org.etalon.data.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.manifest.Manifest;
import org.etalon.data.manifest.Manifest.Entry;

/**
 * The folder a preparation leaves: {@code problems.jsonl} or a file for each split, {@code
 * dropped.jsonl}, {@code report.json}, {@code recipe.json} and the manifest. It appears whole or
 * not at all, and says when what it was made from has changed.
 */
public final class PreparedFolder {
  private static final String STAGE = "prepare";
  private static final String RECIPE = "recipe.json";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path folder;

  /** A folder, there or not. */
  public PreparedFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /**
   * Runs a preparation into the folder, or says that it holds the result already.
   *
   * @param tool name and version of the program, for the manifest
   * @param command the command line, for the manifest
   * @param force whether a folder made from something else is replaced
   * @throws DataException if something cannot be used, or naming what has changed since the folder
   *     was made; the folder is then as it was
   */
  public Summary make(Preparation preparation, String tool, String command, boolean force) {
    removeLeftovers();
    List<Path> files = preparation.files();
    Map<Path, FileTime> times = times(files);
    List<Entry> inputs = files.stream().map(file -> Manifest.entry(file.toString(), file)).toList();
    JsonNode recipe = preparation.recipe().tree();
    if (Files.exists(folder)) {
      List<String> changes = changes(recipe, inputs);
      if (changes.isEmpty()) {
        return Summary.upToDate();
      }
      if (!force) {
        throw new DataException(
            "%s: was made from something else: %s; add --force to make it again, or choose another --out"
                .formatted(folder, String.join("; ", changes)));
      }
    }
    Path part = beside("");
    try {
      Files.createDirectories(part);
      Summary summary = write(preparation, part);
      requireUnchanged(times);
      Manifest manifest =
          Manifest.of(tool, STAGE, command, hash(recipe))
              .withInputs(inputs)
              .withFact("problems", summary.problems());
      manifest.write(part);
      publish(part);
      return summary;
    } catch (IOException e) {
      throw new DataException(
          folder + ": cannot be written (" + e + "); check permissions and free space", e);
    } finally {
      deleteTree(part);
    }
  }

  private static Summary write(Preparation preparation, Path part) throws IOException {
    Summary summary;
    try (Outputs outputs = new Outputs(part, preparation.outputs())) {
      Tally tally = preparation.run(outputs);
      outputs.finish();
      summary = Summary.of(tally, preparation.outputs());
    }
    if (summary.problems() == 0) {
      throw new DataException("no problem is left to write:\n" + summary.table().strip());
    }
    Files.write(part.resolve("report.json"), JSON.writeValueAsBytes(summary.json()));
    Files.write(part.resolve(RECIPE), JSON.writeValueAsBytes(preparation.recipe().tree()));
    return summary;
  }

  private void publish(Path part) throws IOException {
    if (Files.exists(folder)) {
      Path old = beside("old.");
      Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
      Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
      deleteTree(old);
    } else {
      Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** What the folder was made from that is no longer so; empty if nothing. */
  private List<String> changes(JsonNode recipe, List<Entry> inputs) {
    if (!Manifest.exists(folder) || !Files.exists(folder.resolve(RECIPE))) {
      throw new DataException(
          folder + ": holds something that is no prepared data; choose another --out");
    }
    Manifest manifest = Manifest.verify(folder);
    List<String> changes = new ArrayList<>();
    if (!manifest.configuration().equals(hash(recipe))) {
      changes.addAll(differences(recipe));
    }
    Map<String, String> then = new LinkedHashMap<>();
    manifest.inputs().forEach(entry -> then.put(entry.path(), entry.sha256()));
    for (Entry entry : inputs) {
      String before = then.remove(entry.path());
      if (before == null) {
        changes.add(entry.path() + " is new");
      } else if (!before.equals(entry.sha256())) {
        changes.add(entry.path() + " has changed");
      }
    }
    then.keySet().forEach(path -> changes.add(path + " is no longer read"));
    return changes;
  }

  private List<String> differences(JsonNode recipe) {
    Map<String, String> then = new TreeMap<>();
    Map<String, String> now = new TreeMap<>();
    try {
      flatten("", JSON.readTree(folder.resolve(RECIPE).toFile()), then);
    } catch (IOException e) {
      throw new DataException(folder.resolve(RECIPE) + ": cannot be read (" + e + ")", e);
    }
    flatten("", recipe, now);
    List<String> differences = new ArrayList<>();
    for (String key :
        Stream.concat(then.keySet().stream(), now.keySet().stream()).sorted().distinct().toList()) {
      String before = then.getOrDefault(key, "not given");
      String after = now.getOrDefault(key, "not given");
      if (!before.equals(after)) {
        differences.add("recipe's %s (%s then, %s now)".formatted(key, before, after));
      }
    }
    return differences.isEmpty() ? List.of("the order of the recipe's keys") : differences;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> into) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  flatten(
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      entry.getValue(),
                      into));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        flatten(path + "[" + i + "]", node.get(i), into);
      }
    } else {
      into.put(path, node.toString());
    }
  }

  private static String hash(JsonNode recipe) {
    try {
      return Hashing.sha256()
          .hashString(JSON.writeValueAsString(recipe), StandardCharsets.UTF_8)
          .toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a recipe must be writable", e);
    }
  }

  private static Map<Path, FileTime> times(List<Path> files) {
    Map<Path, FileTime> times = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        times.put(file, Files.getLastModifiedTime(file));
      } catch (IOException e) {
        throw new DataException(file + ": cannot be read (" + e + ")", e);
      }
    }
    return times;
  }

  private static void requireUnchanged(Map<Path, FileTime> before) {
    Map<Path, FileTime> now = times(List.copyOf(before.keySet()));
    before.forEach(
        (file, time) -> {
          if (!now.get(file).equals(time)) {
            throw new DataException(file + ": was written to while it was read; run again");
          }
        });
  }

  private Path beside(String mark) {
    return folder.resolveSibling(
        "." + folder.getFileName() + "." + ProcessHandle.current().pid() + "." + mark + "tmp");
  }

  /** Deletes what killed processes left; what a living one writes stays. */
  private void removeLeftovers() {
    Path parent = folder.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      return;
    }
    Pattern name =
        Pattern.compile(
            "\\."
                + Pattern.quote(folder.getFileName().toString())
                + "\\.(\\d{1,18})\\.(?:old\\.)?tmp");
    try (Stream<Path> siblings = Files.list(parent)) {
      for (Path sibling : siblings.toList()) {
        Matcher matcher = name.matcher(sibling.getFileName().toString());
        if (matcher.matches()
            && ProcessHandle.of(Long.parseLong(matcher.group(1)))
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .isEmpty()) {
          deleteTree(sibling);
        }
      }
    } catch (IOException e) {
      throw new DataException(parent + ": cannot be read (" + e + ")", e);
    }
  }

  private static void deleteTree(Path tree) {
    if (Files.exists(tree)) {
      try {
        MoreFiles.deleteRecursively(tree, RecursiveDeleteOption.ALLOW_INSECURE);
      } catch (IOException e) {
        throw new DataException(tree + ": cannot be deleted (" + e + ")", e);
      }
    }
  }
}
