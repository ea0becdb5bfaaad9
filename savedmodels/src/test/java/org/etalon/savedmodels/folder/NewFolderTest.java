package org.etalon.savedmodels.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFolderTest {
  @TempDir Path temporary;

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void isInvisibleToAServerUntilItIsComplete() {
    Path target = temporary.resolve("base/7");
    NewFolder.write(
        target,
        part -> {
          Files.createDirectory(part.resolve("variables"));
          Files.writeString(part.resolve("variables/x"), "1");
          assertEquals(target.toAbsolutePath().getParent(), part.getParent(), "one file system");
          for (String name : names(target.getParent())) {
            assertFalse(name.matches("[0-9]+"), name);
          }
        });
    assertTrue(Files.isRegularFile(target.resolve("variables/x")));
  }

  @Test
  void leavesOnlyTheFolder() throws Exception {
    NewFolder.write(temporary.resolve("7"), part -> Files.writeString(part.resolve("x"), "1"));
    assertEquals(List.of("7"), names(temporary));
    assertEquals(List.of("x"), names(temporary.resolve("7")));
  }

  @Test
  void aFailureLeavesNothing() throws Exception {
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                NewFolder.write(
                    temporary.resolve("7"),
                    part -> {
                      Files.writeString(part.resolve("x"), "1");
                      throw new IOException("No space left on device");
                    }));
    assertTrue(e.getMessage().startsWith(temporary.resolve("7").toString()), e.getMessage());
    assertTrue(e.getMessage().contains("No space left"), e.getMessage());
    assertEquals(List.of(), names(temporary));
  }

  @Test
  void whatComesInBetweenIsNotOverwritten() throws Exception {
    Path target = temporary.resolve("7");
    assertThrows(
        DataException.class, () -> NewFolder.write(target, part -> Files.createDirectory(target)));
    assertEquals(List.of("7"), names(temporary));
    assertEquals(List.of(), names(target));
  }

  @Test
  void whatAKilledProcessLeftIsDeletedByTheNext() throws Exception {
    String left = ".7.01234567-89ab-cdef-0123-456789abcdef";
    Files.createFile(temporary.resolve(left + ".lock.tmp"));
    Files.createDirectories(temporary.resolve(left + ".tmp/variables"));
    String old = ".6.76543210-89ab-cdef-0123-456789abcdef.tmp";
    Path unlocked = Files.createDirectory(temporary.resolve(old));
    Files.setLastModifiedTime(unlocked, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    String young = ".5.76543210-89ab-cdef-0123-456789abcdef.tmp";
    Files.createDirectory(temporary.resolve(young));
    Files.createFile(temporary.resolve(".notes.tmp"));
    NewFolder.write(temporary.resolve("7"), part -> {});
    assertEquals(Set.of("7", young, ".notes.tmp"), Set.copyOf(names(temporary)));
  }

  @Test
  void whatIsBeingFilledStays() throws Exception {
    NewFolder.write(
        temporary.resolve("7"),
        part -> {
          Files.writeString(part.resolve("x"), "1");
          NewFolder.write(
              temporary.resolve("8"), other -> Files.writeString(part.resolve("y"), ""));
          NewFolder.write(temporary.resolve("9"), other -> {});
        });
    assertEquals(Set.of("7", "8", "9"), Set.copyOf(names(temporary)));
    assertEquals(Set.of("x", "y"), Set.copyOf(names(temporary.resolve("7"))));
  }

  @Test
  void aBrokenLinkIsNotReplaced() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("7"), temporary.resolve("nowhere"));
    assertThrows(DataException.class, () -> NewFolder.write(link, part -> {}));
    assertTrue(Files.isSymbolicLink(link));
  }
}
