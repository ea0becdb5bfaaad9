package org.etalon.savedmodels.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.etalon.data.DataException;

/** Small text files of a model folder. */
final class TextFile {
  private TextFile() {}

  /**
   * Reads a file in UTF-8.
   *
   * @param most largest size in bytes; nothing more is read
   * @throws DataException naming the file if it is missing, too large or not UTF-8
   */
  static String read(Path file, int most) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new DataException(file + ": expected a file; name a folder that holds a model");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new DataException(
            file + ": expected at most " + most + " bytes; name a folder that holds a model");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new DataException(file + ": expected UTF-8; download the file again", e);
    } catch (IOException e) {
      throw new DataException(
          file + ": cannot be read (" + e + "); name a folder that holds a model", e);
    }
  }
}
