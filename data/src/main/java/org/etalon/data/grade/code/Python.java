package org.etalon.data.grade.code;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.etalon.data.DataException;

/**
 * The Python interpreter of this machine and all that it needs: the only host files that a sandbox
 * shows.
 *
 * @param executable the interpreter, without symbolic links
 * @param folders its standard library
 * @param libraries shared libraries of the interpreter and of its standard library, at the paths
 *     where the loader looks for them
 */
record Python(Path executable, List<Path> folders, List<Path> libraries) {
  private static final String REMEDY =
      "; running code needs Python 3.8 or newer: sudo apt-get install python3";
  private static final String WHERE =
      """
      import os, sys, sysconfig
      if sys.version_info < (3, 8):
          sys.exit(1)
      paths = sysconfig.get_paths()
      print(os.path.realpath(sys.executable))
      print(paths['stdlib'])
      print(paths['platstdlib'])
      print(sysconfig.get_config_var('DESTSHARED') or '')
      """;

  Python {
    folders = ImmutableList.copyOf(folders);
    libraries = ImmutableList.copyOf(libraries);
  }

  /**
   * The system's {@code python3}, or the first of the path that the sandbox's user can read.
   *
   * @param asNobody whether programs run as another user than the caller
   * @throws DataException if there is none, with the command that installs it
   */
  static Python find(boolean asNobody) {
    List<Path> found = onPath("python3");
    if (found.isEmpty()) {
      throw new DataException("python3 is not installed" + REMEDY);
    }
    for (Path python : found) {
      List<String> lines = output(List.of(python.toString(), "-I", "-S", "-c", WHERE));
      if (lines.size() == 4 && (!asNobody || othersMayRead(Path.of(lines.get(0))))) {
        return at(lines);
      }
    }
    throw new DataException(
        found
            + ": none can be run"
            + (asNobody ? " by the user nobody, who runs generated code where you are root" : "")
            + REMEDY);
  }

  private static Python at(List<String> lines) {
    Path executable = Path.of(lines.get(0));
    ImmutableSet.Builder<Path> folders = ImmutableSet.builder();
    lines.subList(1, 4).stream().map(Path::of).filter(Files::isDirectory).forEach(folders::add);
    return new Python(
        executable, outermost(folders.build()), libraries(executable, Path.of(lines.get(3))));
  }

  private static boolean othersMayRead(Path file) {
    try {
      for (Path path = file; path != null; path = path.getParent()) {
        if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<Path> outermost(Set<Path> folders) {
    return folders.stream()
        .filter(f -> folders.stream().noneMatch(o -> !o.equals(f) && f.startsWith(o)))
        .toList();
  }

  private static List<Path> libraries(Path executable, Path extensions) {
    ImmutableList.Builder<String> command = ImmutableList.builder();
    command.add("ldd", executable.toString());
    if (Files.isDirectory(extensions)) {
      try (Stream<Path> files = Files.list(extensions)) {
        files.map(Path::toString).filter(f -> f.endsWith(".so")).sorted().forEach(command::add);
      } catch (IOException e) {
        throw new DataException(extensions + ": cannot be read (" + e + ")" + REMEDY, e);
      }
    }
    return output(command.build()).stream()
        .flatMap(line -> library(line).stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** {@code name => /path (0x…)}, or {@code /path (0x…)} for the loader itself. */
  private static Optional<Path> library(String line) {
    List<String> words = Splitter.on(' ').omitEmptyStrings().splitToList(line.strip());
    String path =
        words.size() >= 3 && words.get(1).equals("=>")
            ? words.get(2)
            : line.startsWith("\t") && words.size() == 2 ? words.get(0) : "";
    return path.startsWith("/") ? Optional.of(Path.of(path)) : Optional.empty();
  }

  /** Where a program is: the system's own first, then those of the path. */
  static List<Path> onPath(String program) {
    String path = "/usr/bin:" + System.getenv().getOrDefault("PATH", "") + ":/bin:/usr/sbin:/sbin";
    return Splitter.on(':').omitEmptyStrings().splitToList(path).stream()
        .map(folder -> Path.of(folder, program).toAbsolutePath())
        .filter(Files::isExecutable)
        .distinct()
        .toList();
  }

  private static List<String> output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new DataException(command.get(0) + " does not end" + REMEDY);
      }
      return text.lines().toList();
    } catch (IOException e) {
      throw new DataException(command.get(0) + " cannot be run (" + e + ")" + REMEDY, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException(command.get(0) + " was interrupted", e);
    }
  }
}
