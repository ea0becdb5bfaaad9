package org.etalon.savedmodels.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  void aBrokenLinkIsNotReplaced() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("7"), temporary.resolve("nowhere"));
    assertThrows(DataException.class, () -> NewFolder.write(link, part -> {}));
    assertTrue(Files.isSymbolicLink(link));
  }
}
