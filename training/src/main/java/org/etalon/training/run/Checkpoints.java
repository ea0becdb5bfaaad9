package org.etalon.training.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.manifest.Manifest;

/**
 * A folder of checkpoints {@code step-000100/}, each with a manifest. One is written under a hidden
 * name, hashed, forced to disk and only then renamed: a checkpoint that can be seen is complete.
 */
public record Checkpoints(Path folder) {
  /** Name of the tensors within a checkpoint, a TensorBundle prefix. */
  public static final String TENSORS = "tensors";

  /** Folder of what an unfinished stage goes on from; a manifest of the stage leaves it out. */
  public static final String RESUME = Manifest.UNLISTED;

  private static final String PREFIX = "step-";
  private static final String STATE = "state.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * One complete checkpoint.
   *
   * @param step optimizer steps done
   * @param folder where it lies
   */
  public record Checkpoint(long step, Path folder) {
    /** Prefix of its TensorBundle. */
    public Path tensors() {
      return folder.resolve(TENSORS);
    }

    /** Its state, read back as {@code type}. */
    public <T> T state(Class<T> type) {
      try {
        return JSON.readValue(Files.readString(folder.resolve(STATE)), type);
      } catch (IOException e) {
        throw new DataException(folder.resolve(STATE) + " cannot be read: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Writes a checkpoint; one of the same step is replaced.
   *
   * @param save writes tensors under the prefix it is given
   * @param state anything Jackson writes: step, data position, counters
   */
  public Checkpoint save(long step, Consumer<Path> save, Object state, Manifest manifest) {
    Path target = folder.resolve(PREFIX + "%06d".formatted(step));
    publish(target, save, state, manifest.withFact("step", step));
    return new Checkpoint(step, target);
  }

  /** Writes tensors, state and manifest as one folder that appears complete or not at all. */
  public static void publish(Path target, Consumer<Path> save, Object state, Manifest manifest) {
    Path beside = target.resolveSibling("." + target.getFileName() + ".tmp");
    try {
      deleteTree(beside);
      Files.createDirectories(beside);
      save.accept(beside.resolve(TENSORS));
      Files.writeString(beside.resolve(STATE), JSON.writeValueAsString(state));
      manifest.write(beside);
      delete(target);
      AtomicFiles.publishFolder(beside, target);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("checkpoint state must be writable", e);
    } catch (IOException e) {
      throw AtomicFiles.failure(target, e);
    }
  }

  /** Every complete checkpoint, oldest first. */
  public List<Checkpoint> all() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> content = Files.list(folder)) {
      return content
          .filter(path -> path.getFileName().toString().matches(PREFIX + "\\d+"))
          .filter(Manifest::exists)
          .map(path -> new Checkpoint(step(path), path))
          .sorted(Comparator.comparingLong(Checkpoint::step))
          .toList();
    } catch (IOException e) {
      throw new DataException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The newest checkpoint, checked byte for byte.
   *
   * @throws DataException if it is damaged, naming the file
   */
  public Optional<Checkpoint> latest() {
    List<Checkpoint> all = all();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Checkpoint newest = all.get(all.size() - 1);
    Manifest.verify(newest.folder());
    return Optional.of(newest);
  }

  /** What an unfinished stage in {@code stageFolder} goes on from. */
  public static Checkpoints resume(Path stageFolder) {
    return new Checkpoints(stageFolder.resolve(RESUME));
  }

  /** Deletes all but the newest {@code keep} and those of {@code steps}. */
  public void prune(int keep, List<Long> steps) {
    List<Checkpoint> all = all();
    for (Checkpoint checkpoint : all.subList(0, Math.max(0, all.size() - keep))) {
      if (!steps.contains(checkpoint.step())) {
        delete(checkpoint.folder());
      }
    }
  }

  /** Deletes the folder with everything in it. */
  public void deleteAll() {
    delete(folder);
  }

  private static long step(Path path) {
    return Long.parseLong(path.getFileName().toString().substring(PREFIX.length()));
  }

  /** Renamed before anything in it goes: half a folder is never seen under a real name. */
  private static void delete(Path path) {
    Path doomed = path.resolveSibling("." + path.getFileName() + ".deleted.tmp");
    try {
      deleteTree(doomed);
      if (Files.exists(path)) {
        Files.move(path, doomed, StandardCopyOption.ATOMIC_MOVE);
        deleteTree(doomed);
      }
    } catch (IOException e) {
      throw AtomicFiles.failure(path, e);
    }
  }

  private static void deleteTree(Path path) throws IOException {
    if (Files.exists(path)) {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
