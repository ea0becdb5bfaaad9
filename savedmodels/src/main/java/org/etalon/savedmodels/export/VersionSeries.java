package org.etalon.savedmodels.export;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.tensorflow.proto.SavedModel;

/**
 * A model that is being trained, published version after version for servers that watch its folder.
 * The graph is built once; with each version the weights are written, and no requests to warm up
 * with, which would take servers longer than its first ones do. The newest {@value #KEPT} versions
 * stay: servers may still load the one before. Older ones are deleted, so the folder holds nothing
 * else; another's version in it is refused. One process at a time writes a series.
 */
public final class VersionSeries {
  /** Versions that stay. */
  static final int KEPT = 2;

  /** The fact that tells versions of a series from those that somebody exported to keep. */
  static final String FACT = "series";

  private final Path base;
  private final SavedModelExporter exporter;
  private final TokenizerFile tokenizer;
  private final SavedModel graphs;

  /**
   * Goes on with the series of a folder, or begins one.
   *
   * @param base the model's folder, which servers poll; it need not exist
   * @param tokenizer whose files go along; stays the caller's
   * @throws DataException if the folder holds a version that is of no series
   */
  public VersionSeries(Path base, SavedModelExporter exporter, TokenizerFile tokenizer) {
    this.base = base;
    this.exporter = exporter;
    this.tokenizer = tokenizer;
    for (Path version : new VersionFolders(base).all()) {
      if (!ExportFacts.read(version).facts().containsKey(FACT)) {
        throw new DataException(
            version
                + ": was exported to be kept, but versions here come and go; give them an empty"
                + " folder of their own");
      }
    }
    deleteUnfinished();
    this.graphs = exporter.graphs();
  }

  /**
   * Writes the next version, and deletes those that nobody needs any more.
   *
   * @param saveWeights writes a TensorBundle under the prefix it is given, in the exporter's type
   * @param facts anything worth knowing later
   * @return the version's number
   * @throws DataException if the disk refuses
   */
  public long publish(Consumer<Path> saveWeights, Map<String, ?> facts) {
    Map<String, Object> all = new TreeMap<>(facts);
    all.put(FACT, true);
    Path version = exporter.writeNext(base, graphs, false, saveWeights, tokenizer, all);
    List<Path> versions = new VersionFolders(base).all();
    versions.subList(0, Math.max(0, versions.size() - KEPT)).forEach(VersionSeries::delete);
    return VersionFolders.number(version);
  }

  /** Under a name that is no number first: a server never sees a part of a version. */
  private static void delete(Path version) {
    Path doomed =
        version.resolveSibling("." + version.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.move(version, doomed, StandardCopyOption.ATOMIC_MOVE);
      MoreFiles.deleteRecursively(doomed, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (IOException e) {
      throw new DataException(version + ": cannot be deleted (" + e + "); delete it by hand", e);
    }
  }

  /** What a process that was killed left half written or half deleted. */
  private void deleteUnfinished() {
    if (!Files.isDirectory(base)) {
      return;
    }
    try (Stream<Path> content = Files.list(base)) {
      for (Path path : content.toList()) {
        if (path.getFileName().toString().matches("\\.\\d+\\.[0-9a-f-]{36}\\.tmp")) {
          MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
        }
      }
    } catch (IOException e) {
      throw new DataException(base + ": cannot be tidied (" + e + "); empty it by hand", e);
    }
  }
}
