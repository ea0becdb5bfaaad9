package org.etalon.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;

/**
 * Writes a TFRecord file. Frames records as TensorFlow does: length (8 bytes), masked CRC32C of the
 * length, data, masked CRC32C of the data, all little endian.
 *
 * <p>Format: tensorflow/core/lib/io/record_writer.h; the mask is a rotation by 15 bits plus a
 * constant, so that a checksum of a stored checksum stays useful.
 *
 * @param channel where records go; the caller closes
 */
public record TfRecordWriter(WritableByteChannel channel) {
  private static final int MASK_DELTA = 0xa282ead8;

  /** Appends a record. */
  public void write(byte[] data) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(data.length);
    buffer.putInt(maskedCrc(buffer.array(), 0, 8));
    buffer.put(data);
    buffer.putInt(maskedCrc(data, 0, data.length));
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static int maskedCrc(byte[] bytes, int offset, int length) {
    var crc = new CRC32C();
    crc.update(bytes, offset, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }
}
