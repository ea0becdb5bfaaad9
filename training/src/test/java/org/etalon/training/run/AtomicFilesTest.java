package org.etalon.training.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  @Test
  void fileIsReplacedAndNothingIsLeftBeside() throws IOException {
    Path file = folder.resolve("deep/er/file.txt");
    AtomicFiles.writeText(file, "one");
    AtomicFiles.writeText(file, "two ü");
    assertEquals("two ü", Files.readString(file));
    assertEquals(1, count(file.getParent()));
  }

  @Test
  void fullDiskIsExplainedAndThePreviousFileStays() throws IOException {
    Path file = folder.resolve("weights");
    AtomicFiles.writeText(file, "previous");
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                AtomicFiles.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("No space left on device");
                    }));
    assertTrue(e.getMessage().startsWith("cannot write " + file + ": the disk is full ("));
    assertEquals("previous", Files.readString(file));
    assertEquals(1, count(folder));
  }

  @Test
  void deviceWithoutSpaceIsReportedAsAFullDisk() {
    // The kernel's own full device: every write to it fails with ENOSPC.
    IOException e =
        assertThrows(IOException.class, () -> Files.writeString(Path.of("/dev/full"), "x"));
    assertTrue(AtomicFiles.failure(folder, e).getMessage().contains("the disk is full"));
  }

  @Test
  void folderAppearsWholeAndNeverReplacesAnother() throws IOException {
    Path temporary = Files.createDirectories(folder.resolve(".t/inner"));
    Files.writeString(temporary.resolve("a"), "a");
    Path target = folder.resolve("checkpoint");
    AtomicFiles.publishFolder(folder.resolve(".t"), target);
    assertEquals("a", Files.readString(target.resolve("inner/a")));
    Path second = Files.createDirectories(folder.resolve(".t2"));
    DataException e =
        assertThrows(DataException.class, () -> AtomicFiles.publishFolder(second, target));
    assertTrue(e.getMessage().contains("already exists"));
  }

  @Test
  void folderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path target = file.resolve("below");
    DataException e = assertThrows(DataException.class, () -> AtomicFiles.writeText(target, "x"));
    assertTrue(e.getMessage().startsWith("cannot write " + target), e.getMessage());
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.count();
    }
  }
}
