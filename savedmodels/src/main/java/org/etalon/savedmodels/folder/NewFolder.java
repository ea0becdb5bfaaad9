package org.etalon.savedmodels.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.etalon.data.DataException;

/**
 * A folder that appears whole or not at all: filled beside its place, forced to disk, published by
 * one rename. A reader that polls the parent never sees it half written.
 */
public final class NewFolder {
  private NewFolder() {}

  /** What to put into the folder. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Creates {@code target}.
   *
   * @throws DataException if {@code target} exists or the disk refuses; nothing is left behind then
   */
  public static void write(Path target, Content content) {
    refuseExisting(target);
    write(() -> target, content);
  }

  /**
   * Creates a folder whose place is asked for once it is complete, and again if someone else took
   * that place meanwhile.
   *
   * @param target names a place that is free when asked; always in the same folder
   * @return the place
   * @throws DataException if the named place is taken or the disk refuses; nothing is left behind
   *     then
   */
  public static Path write(Supplier<Path> target, Content content) {
    Path first = target.get();
    Path parent = first.toAbsolutePath().normalize().getParent();
    // The name is no number, so that TensorFlow Serving does not take it for a version.
    Path part = parent.resolve("." + first.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.createDirectories(parent);
      Files.createDirectory(part);
      content.writeTo(part);
      for (Path path : tree(part)) {
        force(path);
      }
      Path published = publish(part, target);
      force(parent);
      return published;
    } catch (IOException e) {
      throw new DataException(
          first
              + ": could not be written ("
              + e
              + "); check that the place is writable and the disk has room",
          e);
    } finally {
      deleteQuietly(part);
    }
  }

  private static Path publish(Path part, Supplier<Path> target) throws IOException {
    Path place = target.get();
    while (true) {
      refuseExisting(place);
      try {
        Files.move(part, place.toAbsolutePath().normalize(), StandardCopyOption.ATOMIC_MOVE);
        return place;
      } catch (IOException e) {
        Path other = target.get();
        if (other.equals(place)) {
          throw e;
        }
        place = other;
      }
    }
  }

  private static void refuseExisting(Path target) {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new DataException(target + ": already exists; remove it or choose another place");
    }
  }

  private static List<Path> tree(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.sorted(Comparator.reverseOrder()).toList();
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteQuietly(Path folder) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      for (Path path : tree(folder)) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // The failure that left the part behind is already on its way to the caller.
      folder.toFile().deleteOnExit();
    }
  }
}
