package org.etalon.savedmodels.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.etalon.data.DataException;

/**
 * A folder that appears whole or not at all: filled beside its place, forced to disk, published by
 * one rename. A reader that polls the parent never sees it half written. What a killed process left
 * of one is deleted by the next.
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
    try {
      Files.createDirectories(parent);
      FolderPart.sweep(parent);
      try (FolderPart part = FolderPart.create(parent, first.getFileName().toString())) {
        content.writeTo(part.folder());
        for (Path path : FolderPart.tree(part.folder())) {
          force(path);
        }
        Path published = publish(part.folder(), target);
        force(parent);
        return published;
      }
    } catch (IOException e) {
      throw new DataException(
          first
              + ": could not be written ("
              + e
              + "); check that the place is writable and the disk has room",
          e);
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

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
