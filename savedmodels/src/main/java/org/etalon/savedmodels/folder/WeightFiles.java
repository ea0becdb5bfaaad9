package org.etalon.savedmodels.folder;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.etalon.data.DataException;
import org.etalon.savedmodels.safetensors.SafetensorsFile;

/** The weights of a model folder, in one file or in several with an index. */
final class WeightFiles {
  static final String SINGLE = "model.safetensors";

  /** Our choice: an index of {@link ShardIndex#MAX_TENSORS} tensors with long names. */
  private static final int MAX_INDEX = 32 << 20;

  private final Path place;
  private final ImmutableMap<String, SafetensorsFile> files;

  private WeightFiles(Path place, Map<String, SafetensorsFile> files) {
    this.place = place;
    this.files = ImmutableMap.copyOf(files);
  }

  /**
   * Opens every file and checks that it holds exactly the tensors the index names for it.
   *
   * @throws DataException naming the file
   */
  static WeightFiles open(Path folder) {
    Path single = folder.resolve(SINGLE);
    Path index = folder.resolve(ShardIndex.FILE);
    if (!Files.exists(index)) {
      SafetensorsFile file = SafetensorsFile.open(single);
      Map<String, SafetensorsFile> files = new HashMap<>();
      file.names().forEach(name -> files.put(name, file));
      return new WeightFiles(single, files);
    }
    if (Files.exists(single)) {
      throw new DataException(
          "%s: expected %s or %s, found both; remove the one that is out of date"
              .formatted(folder, SINGLE, ShardIndex.FILE));
    }
    String text = TextFile.read(index, MAX_INDEX);
    Map<String, SafetensorsFile> files = new HashMap<>();
    ShardIndex.parse(index.toString(), text)
        .shards()
        .forEach(
            (shard, names) -> {
              SafetensorsFile file = openShard(folder, shard);
              refuseDifference(index, shard, names, file.names());
              names.forEach(name -> files.put(name, file));
            });
    return new WeightFiles(index, files);
  }

  private static SafetensorsFile openShard(Path folder, String shard) {
    Path path = folder.resolve(shard);
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new DataException(
          "%s: missing, but %s names it; download the file".formatted(path, ShardIndex.FILE));
    }
    try {
      if (!path.toRealPath().startsWith(root(folder.toRealPath()))) {
        throw new DataException(
            path + ": is a link to a place outside the folder; put the file itself there");
      }
    } catch (IOException e) {
      throw new DataException(path + ": cannot be read (" + e + ")", e);
    }
    return SafetensorsFile.open(path);
  }

  /**
   * Where links may lead. Hugging Face's download cache keeps the files of {@code
   * model/snapshots/revision} in {@code model/blobs} and links to them.
   */
  private static Path root(Path folder) {
    Path parent = folder.getParent();
    boolean cached =
        parent != null
            && parent.endsWith("snapshots")
            && Files.isDirectory(parent.resolveSibling("blobs"));
    return cached ? parent.getParent() : folder;
  }

  private static void refuseDifference(
      Path index, String shard, Set<String> named, Set<String> held) {
    Set<String> wrong = ImmutableSet.copyOf(Sets.symmetricDifference(named, held));
    if (!wrong.isEmpty()) {
      String first = JsonFields.shown(wrong.iterator().next());
      throw new DataException(
          "%s: %s: tensor %s is %s; download both again"
              .formatted(
                  index,
                  shard,
                  first,
                  held.contains(wrong.iterator().next())
                      ? "in the file but not named for it"
                      : "named for the file but not in it"));
    }
  }

  /** What is named in errors: the one file, or the index. */
  Path place() {
    return place;
  }

  Set<String> names() {
    return files.keySet();
  }

  /** The file that holds a tensor. */
  SafetensorsFile file(String name) {
    SafetensorsFile file = files.get(name);
    if (file == null) {
      throw new DataException(place + ": has no tensor " + name);
    }
    return file;
  }
}
