package org.etalon.savedmodels.serve;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.etalon.savedmodels.proto.ModelSpec;
import org.etalon.savedmodels.proto.ModelVersionStatus;
import org.etalon.savedmodels.proto.ModelVersionStatus.State;
import org.etalon.savedmodels.proto.StatusProto;
import org.tensorflow.proto.error.Code;

/**
 * The versions of a model: watches its folder, loads a new one beside the old, and hands requests
 * the new one once it has answered its first requests. What runs on the old one ends there. A
 * version that cannot be loaded is logged and left aside until its folder changes; the old one
 * stays. A version whose folder is gone stays in service until there is another.
 */
final class ModelVersions implements AutoCloseable {
  private final ServerOptions options;
  private final ServerMetrics metrics;
  private final Consumer<String> log;
  private final Consumer<Boolean> available;
  private final Thread watcher;
  private final Map<Long, FileTime> refused = new HashMap<>();
  private final ConcurrentSkipListMap<Long, ModelVersionStatus> statuses =
      new ConcurrentSkipListMap<>();
  private Source source;
  private Path currentFolder;
  private volatile Servable current;
  private volatile boolean closed;

  /**
   * Where versions come from.
   *
   * @param base the model's folder
   * @param pinned the one version to serve, or the newest if empty
   */
  record Source(Path base, Optional<Long> pinned) {}

  /**
   * Loads what is there, and watches from then on.
   *
   * @param log told of what happens, one line each
   * @param available told whether a version is in service
   */
  ModelVersions(
      ServerOptions options,
      ServerMetrics metrics,
      Consumer<String> log,
      Consumer<Boolean> available) {
    this.options = options;
    this.metrics = metrics;
    this.log = log;
    this.available = available;
    this.source = new Source(options.base(), Optional.empty());
    this.watcher = new Thread(this::watch, "versions");
    poll();
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    try {
      while (!closed) {
        TimeUnit.MILLISECONDS.sleep(options.poll().toMillis());
        poll();
      }
    } catch (InterruptedException e) {
      // close() ends it.
      Thread.currentThread().interrupt();
    }
  }

  /** Looks at the folder once, and loads what should be in service. */
  synchronized void poll() {
    if (closed) {
      return;
    }
    for (long version : wanted()) {
      Path folder = source.base().resolve(Long.toString(version));
      if (folder.equals(currentFolder)) {
        return;
      }
      if (load(version, folder)) {
        return;
      }
    }
  }

  /** Serves from elsewhere from now on. */
  synchronized void from(Source other) {
    if (!other.equals(source)) {
      log.accept("versions now come from " + other);
      source = other;
      refused.clear();
      poll();
    }
  }

  /** Versions that may be served, the best first. */
  private List<Long> wanted() {
    List<Long> found;
    try (Stream<Path> folders = Files.list(source.base())) {
      found =
          folders
              .filter(Files::isDirectory)
              .map(folder -> folder.getFileName().toString())
              // As TensorFlow Serving: whatever is no number is none of its business.
              .filter(name -> name.matches("[0-9]{1,18}"))
              .map(Long::valueOf)
              .sorted((a, b) -> Long.compare(b, a))
              .toList();
    } catch (IOException e) {
      log.accept(source.base() + ": cannot be listed (" + e + "); looking again");
      return List.of();
    }
    return found.stream()
        .filter(version -> source.pinned().isEmpty() || source.pinned().get().equals(version))
        .toList();
  }

  private boolean load(long version, Path folder) {
    FileTime changed = changed(folder);
    if (changed.equals(refused.get(version))) {
      return false;
    }
    status(version, State.LOADING, Code.OK, "");
    long since = System.nanoTime();
    Servable loaded;
    try {
      loaded = Servable.load(folder, version, options, metrics);
    } catch (RuntimeException | OutOfMemoryError e) {
      refused.put(version, changed);
      status(version, State.END, Code.DATA_LOSS, String.valueOf(e.getMessage()));
      log.accept("version " + version + " is not served: " + e.getMessage());
      return false;
    }
    refused.remove(version);
    Servable before = current;
    current = loaded;
    currentFolder = folder;
    status(version, State.AVAILABLE, Code.OK, "");
    metrics.version(version);
    available.accept(true);
    log.accept(
        "version %d in service after %.1f s".formatted(version, (System.nanoTime() - since) / 1e9));
    if (before != null) {
      retire(before);
    }
    return true;
  }

  private void retire(Servable before) {
    long version = before.version();
    boolean replaced = version == current.version();
    if (!replaced) {
      status(version, State.UNLOADING, Code.OK, "");
    }
    before.retire(
        () -> {
          log.accept("version " + version + " unloaded");
          if (!replaced) {
            ended(version);
          }
        });
  }

  private synchronized void ended(long version) {
    if (current.version() != version) {
      status(version, State.END, Code.OK, "");
    }
  }

  private static FileTime changed(Path folder) {
    Path facts = folder.resolve("assets.extra/model.json");
    try {
      return Files.getLastModifiedTime(Files.exists(facts) ? facts : folder);
    } catch (IOException e) {
      // Loading will say what is wrong with it.
      return FileTime.fromMillis(0);
    }
  }

  private void status(long version, State state, Code code, String message) {
    statuses.put(
        version,
        ModelVersionStatus.newBuilder()
            .setVersion(version)
            .setState(state)
            .setStatus(StatusProto.newBuilder().setErrorCode(code).setErrorMessage(message))
            .build());
  }

  /**
   * The version that a request asks for, held until it is released.
   *
   * @throws ServingException if there is none
   */
  Servable lease(ModelSpec spec) {
    checkName(spec);
    if (spec.getVersionChoiceCase() == ModelSpec.VersionChoiceCase.VERSION_LABEL) {
      throw ServingException.invalid(
          "version labels are not served here, got \"%s\"; name the version by its number",
          spec.getVersionLabel());
    }
    while (true) {
      Servable servable = current;
      if (servable == null) {
        throw new ServingException(
            Status.Code.UNAVAILABLE,
            "no version of " + options.name() + " is in service yet; try again later");
      }
      if (spec.hasVersion() && spec.getVersion().getValue() != servable.version()) {
        throw notFound(spec.getVersion().getValue());
      }
      if (servable.acquire()) {
        return servable;
      }
      // Retired between the two lines above: the next look sees its successor, or the server stops.
      if (closed) {
        throw new ServingException(
            Status.Code.UNAVAILABLE, "the server is stopping; send the request elsewhere");
      }
      Thread.onSpinWait();
    }
  }

  /** Refuses another model's name. */
  void checkName(ModelSpec spec) {
    if (!spec.getName().equals(options.name())) {
      throw new ServingException(
          Status.Code.NOT_FOUND,
          "the model served here is \"%s\", got \"%s\"".formatted(options.name(), spec.getName()));
    }
  }

  private ServingException notFound(long version) {
    return new ServingException(
        Status.Code.NOT_FOUND,
        "version %d of %s is not in service; leave the version out for the newest"
            .formatted(version, options.name()));
  }

  /**
   * What is known of each version, or of one.
   *
   * @throws ServingException if there is none
   */
  List<ModelVersionStatus> statuses(ModelSpec spec) {
    checkName(spec);
    if (!spec.hasVersion()) {
      return List.copyOf(statuses.descendingMap().values());
    }
    ModelVersionStatus status = statuses.get(spec.getVersion().getValue());
    if (status == null) {
      throw notFound(spec.getVersion().getValue());
    }
    return List.of(status);
  }

  /** Stops watching, and unloads once no request is left. */
  @Override
  public void close() {
    Servable last;
    closed = true;
    watcher.interrupt();
    // A version that is being loaded is awaited: what is half loaded cannot be closed.
    synchronized (this) {
      last = current;
    }
    if (last != null) {
      last.retire(() -> log.accept("version " + last.version() + " unloaded"));
    }
  }
}
