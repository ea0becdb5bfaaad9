package org.etalon.training.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.etalon.data.DataException;

/** Keeps a folder to one process; the system releases it when the process ends, however it ends. */
public final class FolderLock implements AutoCloseable {
  static final String LOCK = ".lock";

  /**
   * Folders held by this process. A POSIX lock is lost when its process closes any other channel on
   * the lock file, so that file is never opened twice.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path real;
  private final FileChannel channel;

  private FolderLock(Path real, FileChannel channel) {
    this.real = real;
    this.channel = channel;
  }

  /**
   * Creates the folder where it is missing, and holds it.
   *
   * @throws DataException if another process, or this one, holds it already
   */
  public static FolderLock hold(Path out) {
    return hold(out, "--out");
  }

  /**
   * The same for a folder that another option names.
   *
   * @param option named as the remedy
   */
  public static FolderLock hold(Path out, String option) {
    try {
      Files.createDirectories(out);
      Path real = out.toRealPath();
      return new FolderLock(real, lock(out, real, option));
    } catch (IOException e) {
      throw AtomicFiles.failure(out, e);
    }
  }

  /** Releases the folder. */
  @Override
  public void close() {
    release(real, channel);
  }

  private static FileChannel lock(Path out, Path real, String option) throws IOException {
    synchronized (HELD) {
      if (!HELD.add(real)) {
        throw inUse(out, owner(), option);
      }
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              out.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw inUse(out, content(channel), option);
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(owner().getBytes(StandardCharsets.UTF_8)));
      return channel;
    } catch (OverlappingFileLockException | IOException | DataException e) {
      release(real, channel);
      throw e;
    }
  }

  private static void release(Path real, FileChannel channel) {
    synchronized (HELD) {
      HELD.remove(real);
    }
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new DataException(real + ": lock cannot be released: " + e.getMessage(), e);
      }
    }
  }

  private static String content(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(200);
    channel.read(buffer, 0);
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
  }

  private static String owner() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "this host";
    }
    return "process " + ProcessHandle.current().pid() + " on " + host;
  }

  private static DataException inUse(Path out, String owner, String option) {
    return new DataException(
        out + " is in use by " + owner + "; wait until it ends or choose another " + option);
  }
}
