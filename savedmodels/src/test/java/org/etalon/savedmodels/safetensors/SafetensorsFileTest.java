package org.etalon.savedmodels.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  private Path file(String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return Files.write(
        folder.resolve("x.safetensors"), Bytes.concat(length(text.length), text, data));
  }

  /** The eight bytes that a file begins with. */
  private static byte[] length(long header) {
    byte[] bytes = new byte[Long.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(header);
    return bytes;
  }

  private static byte[] shorts(int... values) {
    byte[] bytes = new byte[values.length * Short.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      buffer.putShort((short) value);
    }
    return bytes;
  }

  private static DataException refused(Path file) {
    DataException e = assertThrows(DataException.class, () -> SafetensorsFile.open(file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    return e;
  }

  @Test
  void whatIsWrittenIsReadBackBitForBit() throws Exception {
    float[] odd = {0f, -0f, 1f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, -1.5e-39f};
    float[] many = new float[40_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = Float.intBitsToFloat(i * 0x9E3779B9 & 0x7f7fffff);
    }
    Map<String, float[]> values = new LinkedHashMap<>();
    values.put("z.weight", many);
    values.put("a\"ö", odd);
    values.put("scalar", new float[] {3});
    values.put("none", new float[0]);
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put("z.weight", List.of(200L, 200L));
    shapes.put("a\"ö", List.of(7L));
    shapes.put("scalar", List.of());
    shapes.put("none", List.of(0L, 5L));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, shapes, values::get);
    Path path = Files.write(folder.resolve("y.safetensors"), out.toByteArray());

    SafetensorsFile read = SafetensorsFile.open(path);

    assertEquals(values.keySet(), read.names());
    for (String name : values.keySet()) {
      assertEquals(shapes.get(name), read.entry(name).shape());
      float[] got = read.floats(name);
      assertEquals(values.get(name).length, got.length);
      for (int i = 0; i < got.length; i++) {
        assertEquals(
            Float.floatToRawIntBits(values.get(name)[i]), Float.floatToRawIntBits(got[i]), name);
      }
    }
  }

  @Test
  void writesTheHeaderOthersExpect() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, Map.of("w", List.of(2L)), name -> new float[] {1, 2});
    ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    long length = bytes.getLong();
    assertEquals(0, length % 8, "data is aligned");
    byte[] header = new byte[(int) length];
    bytes.get(header);
    assertEquals(
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        new String(header, StandardCharsets.UTF_8).stripTrailing());
    assertEquals(1f, bytes.getFloat());
    assertEquals(2f, bytes.getFloat());
    assertEquals(0, bytes.remaining());
  }

  @Test
  void refusesToWriteTheWrongNumberOfValues() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            SafetensorsWriter.write(
                new ByteArrayOutputStream(), Map.of("w", List.of(2L)), n -> new float[3]));
  }

  @Test
  void readsHalfAndBrainFloats() throws Exception {
    byte[] data = shorts(0x3c00, 0xc100, 0x0001, 0x7bff, 0xfc00, 0x8000, 0x3f80, 0xc020);
    Path path =
        file(
            "{\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[12,16]},"
                + "\"h\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}",
            data);
    SafetensorsFile read = SafetensorsFile.open(path);
    assertArrayEquals(
        new float[] {1f, -2.5f, 0x1p-24f, 65504f, Float.NEGATIVE_INFINITY, -0f}, read.floats("h"));
    assertArrayEquals(new float[] {1f, -2.5f}, read.floats("b"));
  }

  @Test
  void everyHalfFloatHasItsValue() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >> 10 & 0x1f;
      int fraction = bits & 0x3ff;
      double magnitude =
          exponent == 0
              ? fraction * Math.pow(2, -24)
              : exponent == 31
                  ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                  : (1024 + fraction) * Math.pow(2, exponent - 25);
      float expected = (float) (bits >> 15 == 0 ? magnitude : -magnitude);
      assertEquals(expected, Dtype.half((short) bits), "bits " + bits);
    }
  }

  /** Headers that lie about eight bytes of data. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | overlap
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | hole
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | describes 4 bytes of data, the file holds 8
          {"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}} | describes 16 bytes of data, the file holds 8
          {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | Duplicate field 'a'
          {"a":{"dtype":"F32","shape":[2,4611686018427387904],"data_offsets":[0,8]}} | overflows
          {"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}} | non-negative integers in shape
          {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}} | non-negative integers in shape
          {"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}} | non-negative integers in shape
          {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}} | needs 12 bytes, data_offsets give 8
          {"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}} | expected shape to be a list
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}} | a begin and an end
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}} | a begin and an end
          {"a":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}} | expected dtype F32, F16 or BF16, got 'I32'
          {"a":{"dtype":"F32","shape":[2]}} | exactly dtype, shape and data_offsets
          {"a":[1]} | exactly dtype, shape and data_offsets
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x | not JSON
          [] | JSON object
          """)
  void aLyingHeaderIsRefused(String header, String reason) throws Exception {
    DataException e = refused(file(header, new byte[8]));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void aTensorThatIsNotThereIsRefused() throws Exception {
    SafetensorsFile file = SafetensorsFile.open(file("{}", new byte[0]));
    assertThrows(DataException.class, () -> file.floats("w"));
  }

  @Test
  void aHeaderThatIsNotUtf8IsRefused() throws Exception {
    byte[] header = {'{', (byte) 0xff, ' ', '}'};
    Path path =
        Files.write(folder.resolve("x.safetensors"), Bytes.concat(length(header.length), header));
    assertTrue(refused(path).getMessage().contains("UTF-8"));
  }

  @Test
  void aCutFileIsRefused() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, Map.of("w", List.of(2L)), name -> new float[] {1, 2});
    byte[] whole = out.toByteArray();
    for (int size = 0; size < whole.length; size++) {
      Path path = Files.write(folder.resolve("x.safetensors"), Arrays.copyOf(whole, size));
      refused(path);
    }
  }

  @Test
  void aHeaderLengthBeyondTheLimitIsRefusedWithoutReadingIt() throws Exception {
    Path path = folder.resolve("x.safetensors");
    for (long claimed : new long[] {SafetensorsFile.MAX_HEADER + 1, -1, Long.MIN_VALUE, 0}) {
      try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
        sparse.write(length(claimed));
        sparse.setLength(SafetensorsFile.MAX_HEADER + 1000);
      }
      assertTrue(refused(path).getMessage().contains("header of 2 to 100000000 bytes"));
    }
  }

  @Test
  void aMissingFileIsNamed() {
    refused(folder.resolve("nothing.safetensors"));
  }
}
