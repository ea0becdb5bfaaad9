package org.etalon.savedmodels.export;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.etalon.data.DataException;
import org.tensorflow.proto.SavedModel;

/** Reads {@code saved_model.pb}. */
final class SavedModelFile {
  /** Its name in a version folder. */
  static final String NAME = "saved_model.pb";

  private SavedModelFile() {}

  /**
   * Reads a file.
   *
   * @throws DataException naming the file, if it cannot be read or holds no SavedModel
   */
  static SavedModel read(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      SavedModel model = SavedModel.parseFrom(in);
      if (model.getMetaGraphsCount() == 0) {
        throw new DataException(file + ": holds no graph; export the model again");
      }
      return model;
    } catch (InvalidProtocolBufferException e) {
      throw new DataException(file + ": not a SavedModel: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }
}
