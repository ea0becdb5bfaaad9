package org.etalon.savedmodels.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder that is being filled beside its place, and what tells it from one that a killed process
 * left: {@code .NAME.ID.lock.tmp} beside {@code .NAME.ID.tmp} is locked for as long as its owner
 * lives.
 */
final class FolderPart implements AutoCloseable {
  private static final String ID = "(\\..+\\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
  private static final Pattern LOCK = Pattern.compile(ID + "\\.lock\\.tmp");
  private static final Pattern PART = Pattern.compile(ID + "\\.tmp");

  /** Our choice: a part without a lock, as earlier builds wrote them, is left after so long. */
  private static final Duration OLD = Duration.ofDays(1);

  /**
   * What this process is filling. Its locks must not be looked at: closing a file that was opened
   * to see whether it is locked would release them, as POSIX has it.
   */
  private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

  private final String id;
  private final Path parent;
  private final FileChannel lock;

  private FolderPart(String id, Path parent, FileChannel lock) {
    this.id = id;
    this.parent = parent;
    this.lock = lock;
  }

  /**
   * Begins a part, empty.
   *
   * @param name of what it becomes
   */
  static FolderPart create(Path parent, String name) throws IOException {
    while (true) {
      // The name is no number, so that TensorFlow Serving does not take it for a version.
      FolderPart part = open(parent, "." + name + "." + UUID.randomUUID());
      try {
        // Another process may have taken it for a left one before it was locked.
        if (part.lock.tryLock() != null && Files.exists(lockOf(parent, part.id))) {
          Files.createDirectory(part.folder());
          return part;
        }
      } catch (IOException e) {
        part.close();
        throw e;
      }
      part.close();
    }
  }

  private static FolderPart open(Path parent, String id) throws IOException {
    OWN.add(id);
    try {
      Path file = lockOf(parent, id);
      return new FolderPart(
          id,
          parent,
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException e) {
      OWN.remove(id);
      throw e;
    }
  }

  private static Path lockOf(Path parent, String id) {
    return parent.resolve(id + ".lock.tmp");
  }

  private static Path folderOf(Path parent, String id) {
    return parent.resolve(id + ".tmp");
  }

  /** Where it is filled. */
  Path folder() {
    return folderOf(parent, id);
  }

  /** Deletes what is still there of it. */
  @Override
  public void close() throws IOException {
    try (lock) {
      delete(folder());
      Files.deleteIfExists(lockOf(parent, id));
    } finally {
      OWN.remove(id);
    }
  }

  /** Deletes the parts that killed processes left. What cannot be deleted stays. */
  static synchronized void sweep(Path parent) throws IOException {
    for (Path path : content(parent)) {
      String name = path.getFileName().toString();
      Matcher locked = LOCK.matcher(name);
      Matcher part = PART.matcher(name);
      if (locked.matches()) {
        sweepLocked(parent, locked.group(1));
      } else if (part.matches() && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        sweepUnlocked(parent, part.group(1));
      }
    }
  }

  private static void sweepLocked(Path parent, String id) {
    if (OWN.contains(id)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(lockOf(parent, id), StandardOpenOption.WRITE);
        FileLock owned = channel.tryLock()) {
      if (owned != null) {
        delete(folderOf(parent, id));
        Files.deleteIfExists(lockOf(parent, id));
      }
    } catch (IOException e) {
      // Its owner has just ended, or it is not ours to delete.
      return;
    }
  }

  private static void sweepUnlocked(Path parent, String id) {
    Path folder = folderOf(parent, id);
    try {
      Instant changed = Files.getLastModifiedTime(folder).toInstant();
      if (!Files.exists(lockOf(parent, id)) && changed.isBefore(Instant.now().minus(OLD))) {
        delete(folder);
      }
    } catch (IOException e) {
      // As above.
      return;
    }
  }

  private static List<Path> content(Path folder) throws IOException {
    try (Stream<Path> content = Files.list(folder)) {
      return content.toList();
    }
  }

  /** What is in a folder, and it itself, the deepest first. */
  static List<Path> tree(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.sorted(Comparator.reverseOrder()).toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      for (Path path : tree(folder)) {
        Files.deleteIfExists(path);
      }
    }
  }
}
