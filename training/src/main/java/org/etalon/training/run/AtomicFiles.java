package org.etalon.training.run;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.etalon.data.DataException;

/**
 * Files and folders that appear whole or not at all: written beside their place, forced to disk,
 * then renamed into it. A crash or a full disk leaves what was there before.
 */
public final class AtomicFiles {
  private AtomicFiles() {}

  /** What to write into a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to {@code out}; need not close it. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes or replaces one file.
   *
   * @throws DataException if the disk is full or the place cannot be written; {@code target} is
   *     then as it was
   */
  public static void write(Path target, Content content) {
    Path file = target.toAbsolutePath();
    Path beside = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel channel =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        var out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force(file.getParent());
    } catch (IOException e) {
      deleteQuietly(beside, e);
      throw failure(target, e);
    }
  }

  /** Writes or replaces one UTF-8 text file. */
  public static void writeText(Path target, String text) {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Forces a finished folder to disk and renames it into its place.
   *
   * @param temporary complete folder on the same file system
   * @param target where it shall appear; must not exist
   * @throws DataException if {@code target} exists or the disk fails
   */
  public static void publishFolder(Path temporary, Path target) {
    if (Files.exists(target)) {
      throw new DataException(target + " already exists; remove it or choose another place");
    }
    try {
      List<Path> content;
      try (Stream<Path> walk = Files.walk(temporary)) {
        content = walk.toList();
      }
      for (Path path : content) {
        force(path);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      force(target.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /** A write error as a sentence with its remedy, for writers that cannot go through this class. */
  public static DataException failure(Path target, IOException e) {
    String reason = String.valueOf(e.getMessage());
    if (reason.contains("No space left on device") || reason.contains("Disk quota exceeded")) {
      return new DataException(
          "cannot write "
              + target
              + ": the disk is full ("
              + freeMegabytes(target)
              + " MB left); free space or choose another --out; what was there before is intact",
          e);
    }
    if (e instanceof AccessDeniedException) {
      reason = "permission denied";
    }
    return new DataException("cannot write " + target + ": " + reason, e);
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteQuietly(Path file, IOException cause) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static String freeMegabytes(Path target) {
    Path folder = target.toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder)) {
      folder = folder.getParent();
    }
    try {
      return folder == null
          ? "?"
          : Long.toString(Files.getFileStore(folder).getUsableSpace() >> 20);
    } catch (IOException e) {
      return "?";
    }
  }
}
