package org.etalon.savedmodels.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where versions come from.
 *
 * @param base the model's folder
 * @param pinned the one version to serve, or the newest if empty
 */
record VersionSource(Path base, Optional<Long> pinned) {
  /** Versions that may be served, the best first. */
  List<Long> versions() throws IOException {
    try (Stream<Path> folders = Files.list(base)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          // As TensorFlow Serving: whatever is no number is none of its business.
          .filter(name -> name.matches("[0-9]{1,18}"))
          .map(Long::valueOf)
          .filter(version -> pinned.isEmpty() || pinned.get().equals(version))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  /** A version's folder. */
  Path folder(long version) {
    return base.resolve(Long.toString(version));
  }

  /** When a version was written: one that could not be loaded is tried again when it changes. */
  FileTime changed(long version) {
    Path facts = folder(version).resolve("assets.extra/model.json");
    try {
      return Files.getLastModifiedTime(Files.exists(facts) ? facts : folder(version));
    } catch (IOException e) {
      // Loading will say what is wrong with it.
      return FileTime.fromMillis(0);
    }
  }
}
