package org.etalon.data.manifest;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;

/**
 * What a folder was made from and what it holds, each file with its size and SHA-256. Written last,
 * so a folder with a manifest is complete; it covers itself by a digest on its last line.
 *
 * @param tool name and version of the program
 * @param stage what made the folder
 * @param command the command line, without the program
 * @param configuration SHA-256 of the resolved configuration
 * @param inputs files read
 * @param outputs every file in the folder, paths relative to it
 * @param facts numbers and texts worth keeping, e.g. steps or tokens per second
 */
@JsonPropertyOrder({"tool", "stage", "command", "configuration", "inputs", "outputs", "facts"})
public record Manifest(
    String tool,
    String stage,
    String command,
    String configuration,
    List<Entry> inputs,
    List<Entry> outputs,
    Map<String, JsonNode> facts) {

  /** Name of the file. */
  public static final String FILE = "manifest.json";

  /** The folder inside whose files are not listed: what an unfinished stage goes on from. */
  public static final String UNLISTED = "resume";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final String DIGEST = ",\n  \"digest\" : \"";

  public Manifest {
    inputs = ImmutableList.copyOf(inputs);
    outputs = ImmutableList.copyOf(outputs);
    facts = ImmutableMap.copyOf(facts);
  }

  /**
   * One file.
   *
   * @param path with forward slashes
   * @param bytes size
   * @param sha256 in hexadecimal
   */
  public record Entry(String path, long bytes, String sha256) {}

  /** A manifest without files or facts. */
  public static Manifest of(String tool, String stage, String command, String configurationHash) {
    return new Manifest(tool, stage, command, configurationHash, List.of(), List.of(), Map.of());
  }

  /**
   * With the input file, or all files below the input folder, added.
   *
   * @param name how the input is called in the manifest, e.g. its path relative to the run
   */
  public Manifest withInput(String name, Path path) {
    var all = new ArrayList<>(inputs);
    if (Files.isDirectory(path)) {
      entries(path).forEach(e -> all.add(new Entry(name + "/" + e.path(), e.bytes(), e.sha256())));
    } else {
      all.add(entry(name, path));
    }
    return new Manifest(tool, stage, command, configuration, all, outputs, facts);
  }

  /** With inputs added whose hashes are known. */
  public Manifest withInputs(List<Entry> more) {
    List<Entry> all = ImmutableList.<Entry>builder().addAll(inputs).addAll(more).build();
    return new Manifest(tool, stage, command, configuration, all, outputs, facts);
  }

  /**
   * With a fact added.
   *
   * @param value anything Jackson writes: a number, a text, a list, a record
   */
  public Manifest withFact(String name, Object value) {
    Map<String, JsonNode> all =
        ImmutableMap.<String, JsonNode>builder()
            .putAll(facts)
            .put(name, MAPPER.valueToTree(value))
            .buildOrThrow();
    return new Manifest(tool, stage, command, configuration, inputs, outputs, all);
  }

  /**
   * Hashes every file in the folder, but for hidden temporary ones and what lies in {@link
   * #UNLISTED}, and writes the manifest there, atomically.
   *
   * @return the manifest as written
   */
  public Manifest write(Path folder) {
    Manifest complete =
        new Manifest(tool, stage, command, configuration, inputs, entries(folder), facts);
    try {
      String text = seal(MAPPER.writeValueAsString(complete));
      AtomicFile.write(
          folder.resolve(FILE), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest must be writable", e);
    }
    return complete;
  }

  /** Whether the folder has a manifest, that is, is complete. */
  public static boolean exists(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  /**
   * Reads a manifest.
   *
   * @throws DataException if it is missing, cut or changed
   */
  public static Manifest read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new DataException(
          file + " is missing: the folder is not complete; run its stage again");
    }
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      int end = text.lastIndexOf(DIGEST);
      if (end < 0 || !seal(text.substring(0, end) + "\n}").equals(text)) {
        throw damaged(file, "its digest does not match");
      }
      return MAPPER.readValue(text.substring(0, end) + "\n}", Manifest.class);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a manifest and checks every file it lists.
   *
   * @throws DataException naming the first file that is missing, cut or changed
   */
  public static Manifest verify(Path folder) {
    Manifest manifest = read(folder);
    for (Entry expected : manifest.outputs) {
      Path file = folder.resolve(expected.path());
      if (!Files.isRegularFile(file)) {
        throw damaged(file, "it is missing");
      }
      Entry actual = entry(expected.path(), file);
      if (actual.bytes() != expected.bytes()) {
        throw damaged(file, "expected " + expected.bytes() + " bytes, got " + actual.bytes());
      }
      if (!actual.sha256().equals(expected.sha256())) {
        throw damaged(file, "its SHA-256 is not the one in " + FILE);
      }
    }
    return manifest;
  }

  /** Appends the digest of all that stands before it as the last field. */
  private static String seal(String json) {
    String head = json.substring(0, json.length() - "\n}".length());
    String digest = Hashing.sha256().hashString(head, StandardCharsets.UTF_8).toString();
    return head + DIGEST + digest + "\"\n}\n";
  }

  private static List<Entry> entries(Path folder) {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).filter(f -> isContent(folder, f)).sorted().toList();
    } catch (IOException e) {
      throw new DataException(folder + " cannot be read: " + e.getMessage(), e);
    }
    return files.stream()
        .map(file -> entry(folder.relativize(file).toString().replace('\\', '/'), file))
        .toList();
  }

  private static boolean isContent(Path folder, Path file) {
    Path relative = folder.relativize(file);
    if (relative.startsWith(FILE) || relative.startsWith(UNLISTED)) {
      return false;
    }
    for (Path part : relative) {
      String name = part.toString();
      if (name.startsWith(".") && name.endsWith(".tmp")) {
        return false;
      }
    }
    return true;
  }

  /**
   * One file with its size and hash.
   *
   * @param name how the manifest calls it
   * @throws DataException if it cannot be read
   */
  public static Entry entry(String name, Path file) {
    try {
      String hash = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
      return new Entry(name, Files.size(file), hash);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static DataException damaged(Path file, String how) {
    return new DataException(
        file + " is damaged: " + how + "; restore it or delete its folder and run the stage again");
  }
}
