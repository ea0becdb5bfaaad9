package org.etalon.savedmodels.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.etalon.data.DataException;

/**
 * The versions in a model's folder: the folders whose names are numbers. What else lies there,
 * TensorFlow Serving passes over.
 *
 * @param base the model's folder; it need not exist
 */
record VersionFolders(Path base) {
  /** The folders, the largest number last. */
  List<Path> all() {
    if (!Files.isDirectory(base)) {
      return List.of();
    }
    try (Stream<Path> content = Files.list(base)) {
      return content
          .filter(path -> path.getFileName().toString().matches("\\d{1,18}"))
          .sorted(Comparator.comparingLong(VersionFolders::number))
          .toList();
    } catch (IOException e) {
      throw new DataException(base + ": cannot be read (" + e + ")", e);
    }
  }

  /** The folder with the largest number. */
  Optional<Path> newest() {
    return all().stream().reduce((earlier, later) -> later);
  }

  /** The folder that comes after the newest version: 1 where there is none. */
  Path next() {
    long number = newest().map(VersionFolders::number).orElse(0L) + 1;
    return base.resolve(Long.toString(number));
  }

  /**
   * The folder of a version that a person chose.
   *
   * @throws DataException if it is less than 1
   */
  Path of(long version) {
    if (version < 1) {
      throw new DataException("a version is a number from 1 up, got " + version);
    }
    return base.resolve(Long.toString(version));
  }

  /** The number of a version's folder. */
  static long number(Path version) {
    return Long.parseLong(version.getFileName().toString());
  }
}
