package org.etalon.savedmodels.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.etalon.data.DataException;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictionLog;

/**
 * Recorded requests that a version answers before it goes into service: TFRecords of PredictionLog.
 * A record is its length (uint64), a masked CRC32C of those bytes, the bytes, and theirs.
 */
final class WarmupFile {
  static final String NAME = "tf_serving_warmup_requests";

  /** TensorFlow Serving reads no more either. */
  private static final int MOST_RECORDS = 1000;

  private static final int HEADER = Long.BYTES + Integer.BYTES;

  private WarmupFile() {}

  /**
   * The requests of a file; none if it is not there.
   *
   * @throws DataException naming the file if it is cut, damaged, or holds something else
   */
  static List<PredictRequest> read(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<PredictRequest> requests = new ArrayList<>();
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining()) {
        PredictionLog log = PredictionLog.parseFrom(record(file, bytes));
        if (!log.hasPredictLog() || requests.size() == MOST_RECORDS) {
          throw new DataException(
              file + ": expected at most " + MOST_RECORDS + " predict_log; write them anew");
        }
        requests.add(log.getPredictLog().getRequest());
      }
    } catch (InvalidProtocolBufferException e) {
      throw new DataException(file + ": holds no PredictionLog (" + e.getMessage() + ")", e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
    return requests;
  }

  private static ByteBuffer record(Path file, ByteBuffer bytes) {
    if (bytes.remaining() < HEADER) {
      throw cut(file);
    }
    long length = bytes.getLong(bytes.position());
    check(
        file,
        bytes.slice(bytes.position(), Long.BYTES),
        bytes.getInt(bytes.position() + Long.BYTES));
    bytes.position(bytes.position() + HEADER);
    if (length < 0 || length > bytes.remaining() - Integer.BYTES) {
      throw cut(file);
    }
    ByteBuffer record = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    check(file, record.duplicate(), bytes.getInt());
    return record;
  }

  private static void check(Path file, ByteBuffer bytes, int expected) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int value = (int) crc.getValue();
    int masked = (value >>> 15 | value << 17) + 0xa282ead8;
    if (masked != expected) {
      throw new DataException(file + ": a record is damaged; export the model again");
    }
  }

  private static DataException cut(Path file) {
    return new DataException(file + ": ends within a record; export the model again");
  }
}
