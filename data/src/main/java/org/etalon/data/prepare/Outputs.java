package org.etalon.data.prepare;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;

/** The lists that a preparation writes, in a folder nobody reads yet. */
final class Outputs implements AutoCloseable {
  /** Before a split's name, where written problems are counted. */
  static final String WRITTEN = "written to ";

  private final Path folder;
  private final Map<String, OutputStream> files = new LinkedHashMap<>();
  private final List<FileChannel> channels = new ArrayList<>();
  private final OutputStream dropped;

  /**
   * @throws DataException if the folder cannot be written
   */
  Outputs(Path folder, List<String> splits) {
    this.folder = folder;
    try {
      for (String split : splits) {
        files.put(split, open(split));
      }
      dropped = open("dropped");
    } catch (IOException e) {
      close();
      throw failure(e);
    }
  }

  private OutputStream open(String name) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(name + ".jsonl"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
    channels.add(channel);
    return new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
  }

  void write(Batch batch) {
    try {
      for (Map.Entry<String, ByteArrayOutputStream> lines : batch.lines.entrySet()) {
        lines.getValue().writeTo(files.get(lines.getKey()));
      }
      batch.notes.writeTo(dropped);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Forces all to disk. */
  void finish() {
    try {
      for (OutputStream file : files.values()) {
        file.flush();
      }
      dropped.flush();
      for (FileChannel channel : channels) {
        channel.force(true);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private DataException failure(IOException e) {
    return new DataException(
        folder + ": cannot be written (" + e + "); check permissions and free space", e);
  }

  @Override
  public void close() {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
