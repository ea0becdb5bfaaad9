package org.etalon.training.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.manifest.Manifest;
import org.etalon.training.config.Configuration;

/**
 * The folder of one run, held by one process at a time.
 *
 * <p>It holds {@code configuration.yaml}, the resolved configuration it was begun with, and a
 * sub-folder per {@link Stage}. A run is continued only under an equal configuration.
 */
public final class RunFolder implements AutoCloseable {
  /** Name of the file with the resolved configuration. */
  public static final String CONFIGURATION = "configuration.yaml";

  static final String LOCK = ".lock";

  /**
   * Folders held by this process. A POSIX lock is lost when its process closes any other channel on
   * the lock file, so that file is never opened twice.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path root;
  private final Path realRoot;
  private final Configuration configuration;
  private final FileChannel lock;

  private RunFolder(Path root, Path realRoot, Configuration configuration, FileChannel lock) {
    this.root = root;
    this.realRoot = realRoot;
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
    boolean begun = isRun(out);
    try {
      Files.createDirectories(out);
      Path real = out.toRealPath();
      FileChannel lock = lock(out, real);
      try {
        if (begun || Files.exists(out.resolve(CONFIGURATION))) {
          requireSame(out, configuration);
        } else {
          AtomicFiles.writeText(out.resolve(CONFIGURATION), configuration.toYaml());
        }
      } catch (DataException e) {
        release(real, lock);
        throw e;
      }
      return new RunFolder(out, real, configuration, lock);
    } catch (IOException e) {
      throw AtomicFiles.failure(out, e);
    }
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
    release(realRoot, lock);
  }

  private static boolean isRun(Path out) {
    if (!Files.exists(out)) {
      return false;
    }
    if (!Files.isDirectory(out)) {
      throw new DataException(out + " is a file, not a folder; choose another --out");
    }
    if (Files.exists(out.resolve(CONFIGURATION))) {
      return true;
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
      return false;
    } catch (IOException e) {
      throw new DataException(out + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void requireSame(Path out, Configuration now) {
    Configuration before = Configuration.load(Optional.of(out.resolve(CONFIGURATION)), List.of());
    List<String> differences = now.differencesFrom(before);
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

  private static FileChannel lock(Path out, Path real) throws IOException {
    synchronized (HELD) {
      if (!HELD.add(real)) {
        throw inUse(out, owner());
      }
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              out.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw inUse(out, content(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(owner().getBytes(StandardCharsets.UTF_8)));
      return channel;
    } catch (OverlappingFileLockException | IOException | DataException e) {
      release(real, channel);
      throw e;
    }
  }

  private static void release(Path real, FileChannel channel) {
    synchronized (HELD) {
      HELD.remove(real);
    }
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new DataException(real + ": lock cannot be released: " + e.getMessage(), e);
      }
    }
  }

  private static String content(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(200);
    channel.read(buffer, 0);
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
  }

  private static String owner() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "this host";
    }
    return "process " + ProcessHandle.current().pid() + " on " + host;
  }

  private static DataException inUse(Path out, String owner) {
    return new DataException(
        out + " is in use by " + owner + "; wait until it ends or choose another --out");
  }
}
