package org.etalon.savedmodels.serve;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.etalon.savedmodels.proto.ModelSpec;
import org.etalon.savedmodels.proto.ModelVersionStatus;
import org.etalon.savedmodels.proto.ModelVersionStatus.State;

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
  private final VersionStates states = new VersionStates();
  private VersionSource source;
  private Path currentFolder;
  private volatile Servable current;
  private volatile boolean closed;

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
    this.source = new VersionSource(options.base(), Optional.empty());
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
      Path folder = source.folder(version);
      if (folder.equals(currentFolder)) {
        return;
      }
      if (load(version, folder)) {
        return;
      }
    }
  }

  /** Serves from elsewhere from now on. */
  synchronized void from(VersionSource other) {
    if (!other.equals(source)) {
      log.accept("versions now come from " + other);
      source = other;
      refused.clear();
      poll();
    }
  }

  private List<Long> wanted() {
    try {
      return source.versions();
    } catch (IOException e) {
      log.accept(source.base() + ": cannot be listed (" + e + "); looking again");
      return List.of();
    }
  }

  private boolean load(long version, Path folder) {
    FileTime changed = source.changed(version);
    if (changed.equals(refused.get(version))) {
      return false;
    }
    states.set(version, State.LOADING);
    long since = System.nanoTime();
    Servable loaded;
    try {
      loaded = new Servable(version, LoadedModel.load(folder, options.xla()), options, metrics);
    } catch (RuntimeException | OutOfMemoryError e) {
      refused.put(version, changed);
      states.failed(version, String.valueOf(e.getMessage()));
      log.accept("version " + version + " is not served: " + e.getMessage());
      return false;
    }
    refused.remove(version);
    Servable before = current;
    current = loaded;
    currentFolder = folder;
    states.set(version, State.AVAILABLE);
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
      states.set(version, State.UNLOADING);
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
      states.set(version, State.END);
    }
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
      return states.all();
    }
    long version = spec.getVersion().getValue();
    return List.of(states.of(version).orElseThrow(() -> notFound(version)));
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
