package org.etalon.data.grade.code;

import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.etalon.data.DataException;

/** The command line that starts a sandbox. */
final class SandboxCommand {
  /** The user {@code nobody}, outside and inside. */
  private static final String NOBODY = "65534";

  private static final ImmutableList<String> DEVICES =
      ImmutableList.of("null", "zero", "full", "random", "urandom");

  /** Files of the kernel about the machine that no program needs. */
  private static final ImmutableList<String> MASKED =
      ImmutableList.of(
          "cmdline",
          "config.gz",
          "kallsyms",
          "key-users",
          "keys",
          "kmsg",
          "kcore",
          "modules",
          "partitions",
          "diskstats",
          "timer_list",
          "vmallocinfo",
          "version");

  private SandboxCommand() {}

  /**
   * Bubblewrap with the server of {@code sandbox.py} and {@code program.py} in it. A caller who is
   * root becomes {@code nobody} before that: no limit on processes holds for root.
   *
   * @throws DataException if something is not installed, with the command that installs it
   */
  static List<String> create() {
    boolean root = isRoot();
    String bubblewrap = installed("bwrap", "bubblewrap");
    Python python = Python.find(root);
    ImmutableList.Builder<String> command = ImmutableList.builder();
    if (root) {
      command.add(installed("setpriv", "util-linux"), "--reuid=" + NOBODY, "--regid=" + NOBODY);
      command.add("--clear-groups", "--inh-caps=-all");
    }
    command.add(bubblewrap, "--unshare-all", "--unshare-user");
    command.add("--uid", NOBODY, "--gid", NOBODY, "--hostname", "sandbox");
    command.add("--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv");
    // One order of sets and dictionaries, so that a verdict can be repeated.
    command.add("--setenv", "PYTHONHASHSEED", "0");
    // Each arena reserves 64 MiB, which the memory limit counts.
    command.add("--setenv", "MALLOC_ARENA_MAX", "1");
    command.add("--setenv", "LD_LIBRARY_PATH", libraryPath(python));
    files(python, command);
    command.add("--remount-ro", "/", "--chdir", "/");
    command.add(python.executable().toString(), "-S", "-s", "-B", "-c", server());
    return command.build();
  }

  private static void files(Python python, ImmutableList.Builder<String> command) {
    readable(python.executable(), command);
    python.folders().forEach(folder -> readable(folder, command));
    python.libraries().forEach(library -> readable(library, command));
    command.add("--dir", "/tmp", "--dir", "/dev", "--proc", "/proc");
    for (String file : MASKED) {
      if (Files.exists(Path.of("/proc", file))) {
        command.add("--ro-bind", "/dev/null", "/proc/" + file);
      }
    }
    for (String device : DEVICES) {
      command.add("--dev-bind", "/dev/" + device, "/dev/" + device);
    }
    command.add("--symlink", "/proc/self/fd", "/dev/fd", "--symlink", "/proc/self/fd/0");
    command.add("/dev/stdin", "--symlink", "/proc/self/fd/1", "/dev/stdout");
    command.add("--symlink", "/proc/self/fd/2", "/dev/stderr", "--symlink", "/tmp", "/dev/shm");
  }

  private static void readable(Path path, ImmutableList.Builder<String> command) {
    try {
      command.add("--ro-bind", path.toRealPath().toString(), path.toString());
    } catch (IOException e) {
      throw new DataException(path + ": cannot be read (" + e + "); reinstall python3", e);
    }
  }

  private static String libraryPath(Python python) {
    return python.libraries().stream()
        .map(library -> library.getParent().toString())
        .collect(
            Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), TreeSet::stream))
        .collect(Collectors.joining(":"));
  }

  private static String installed(String program, String debianPackage) {
    return Python.onPath(program).stream()
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    program
                        + " is not installed, and generated code runs in a sandbox only; run: sudo"
                        + " apt-get install "
                        + debianPackage))
        .toString();
  }

  private static boolean isRoot() {
    try {
      Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      return Integer.valueOf(0).equals(uid);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      throw new DataException(
          "running code needs Linux with /proc mounted; generated code runs in a sandbox only", e);
    }
  }

  private static String server() {
    return resource("program.py") + resource("sandbox.py");
  }

  private static String resource(String name) {
    try {
      return Resources.toString(
          Resources.getResource(SandboxCommand.class, name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DataException(name + " is missing from Etalon's jar; build it again", e);
    }
  }
}
