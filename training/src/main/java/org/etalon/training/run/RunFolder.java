package org.etalon.training.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.manifest.Manifest;
import org.etalon.training.config.Configuration;

/**
 * The folder of one run, held by one process at a time.
 *
 * <p>It holds {@code configuration.yaml}, the resolved configuration it was begun with, and a
 * sub-folder per {@link Stage}. A run is continued only under an equal configuration; one that was
 * refused before its first stage has nothing to continue and takes another.
 */
public final class RunFolder implements AutoCloseable {
  /** Name of the file with the resolved configuration. */
  public static final String CONFIGURATION = "configuration.yaml";

  private final Path root;
  private final Configuration configuration;
  private final FolderLock lock;

  private RunFolder(Path root, Configuration configuration, FolderLock lock) {
    this.root = root;
    this.configuration = configuration;
    this.lock = lock;
  }

  /**
   * Creates the folder, or opens it to continue.
   *
   * @throws DataException if another process holds it, if it holds anything but a run, or a run
   *     begun with another configuration; nothing is then changed
   */
  public static RunFolder open(Path out, Configuration configuration) {
    requireRunOrNothing(out);
    FolderLock lock = FolderLock.hold(out);
    try {
      if (Files.exists(out.resolve(CONFIGURATION)) && hasBegun(out)) {
        requireSame(out, configuration);
      } else {
        AtomicFiles.writeText(out.resolve(CONFIGURATION), configuration.toYaml());
      }
    } catch (DataException e) {
      lock.close();
      throw e;
    }
    return new RunFolder(out, configuration, lock);
  }

  /** The folder itself. */
  public Path root() {
    return root;
  }

  /** The configuration the run was begun with. */
  public Configuration configuration() {
    return configuration;
  }

  /** The sub-folder of a stage, created where missing. */
  public Path folder(Stage stage) {
    Path folder = root.resolve(stage.folderName());
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw AtomicFiles.failure(folder, e);
    }
  }

  /**
   * Whether a stage ended: its manifest, which is written last, is there.
   *
   * @throws DataException if a file of the ended stage is missing or changed
   */
  public boolean isComplete(Stage stage) {
    Path folder = root.resolve(stage.folderName());
    if (!Manifest.exists(folder)) {
      return false;
    }
    Manifest.verify(folder);
    return true;
  }

  /** Begins the manifest of a stage of this run, with the machine as its first fact. */
  public Manifest manifest(Stage stage, String command) {
    return Manifest.of(
            "etalon " + Version.current(), stage.folderName(), command, configuration.hash())
        .withFact("machine", Machine.current());
  }

  /** Releases the folder. */
  @Override
  public void close() {
    lock.close();
  }

  private static boolean hasBegun(Path out) {
    return Arrays.stream(Stage.values())
        .anyMatch(stage -> Files.exists(out.resolve(stage.folderName())));
  }

  private static void requireRunOrNothing(Path out) {
    if (!Files.exists(out)) {
      return;
    }
    if (!Files.isDirectory(out)) {
      throw new DataException(out + " is a file, not a folder; choose another --out");
    }
    if (Files.exists(out.resolve(CONFIGURATION))) {
      return;
    }
    try (Stream<Path> content = Files.list(out)) {
      Optional<Path> foreign =
          content.filter(path -> !path.getFileName().toString().startsWith(".")).findFirst();
      if (foreign.isPresent()) {
        throw new DataException(
            out
                + " is not empty and not a run of Etalon (it holds "
                + foreign.get().getFileName()
                + "); choose another --out");
      }
    } catch (IOException e) {
      throw new DataException(out + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void requireSame(Path out, Configuration now) {
    Configuration before = Configuration.load(Optional.of(out.resolve(CONFIGURATION)), List.of());
    List<String> differences =
        now.differencesFrom(before).stream()
            // It decides whether a run may start, never what it does.
            .filter(difference -> !difference.startsWith("memory."))
            // Servers come and go, and without any the run goes on in its own process.
            .filter(difference -> !difference.startsWith("fleet."))
            .toList();
    if (!differences.isEmpty()) {
      int shown = Math.min(3, differences.size());
      String more =
          differences.size() > shown ? ", and " + (differences.size() - shown) + " more" : "";
      throw new DataException(
          out
              + " holds a run of another configuration: "
              + String.join(", ", differences.subList(0, shown))
              + more
              + "; continue with the same settings or choose another --out");
    }
  }
}
