package org.etalon.data.prepare;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.etalon.data.DataException;

/** Finds the files that a recipe names. */
final class InputFiles {
  private InputFiles() {}

  /**
   * The files of paths and patterns, those of one pattern in the order of their names, each once.
   *
   * @param base the folder that relative ones start from
   * @param place where the recipe has them
   * @throws DataException if a file does not exist or a pattern finds none
   */
  static List<Path> find(List<String> patterns, Path base, String place) {
    Set<Path> files = new LinkedHashSet<>();
    for (String pattern : patterns) {
      Path exact = base.resolve(pattern).normalize();
      boolean isPattern = pattern.matches(".*[*?\\[{].*");
      if (!isPattern || Files.exists(exact)) {
        if (!Files.isRegularFile(exact)) {
          throw new DataException(place + ": " + exact + " is no file; check the path");
        }
        files.add(exact);
        continue;
      }
      List<Path> found = matching(pattern, base, place);
      if (found.isEmpty()) {
        throw new DataException(
            place + ": no file fits " + pattern + " below " + base + "; check the pattern");
      }
      files.addAll(found);
    }
    return ImmutableList.copyOf(files);
  }

  private static List<Path> matching(String pattern, Path base, String place) {
    Path full = base.resolve(pattern).normalize();
    Path root = full.getRoot() == null ? Path.of("") : full.getRoot();
    List<String> rest = new ArrayList<>();
    for (Path part : full) {
      if (rest.isEmpty() && !part.toString().matches(".*[*?\\[{].*")) {
        root = root.resolve(part);
      } else {
        rest.add(part.toString());
      }
    }
    Path from = root;
    String below = String.join("/", rest);
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + below);
    int depth = below.contains("**") ? Integer.MAX_VALUE : rest.size();
    if (!Files.isDirectory(from)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(from, depth)) {
      return walk.filter(file -> matcher.matches(from.relativize(file)))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DataException(place + ": " + from + " cannot be searched (" + e + ")", e);
    }
  }
}
