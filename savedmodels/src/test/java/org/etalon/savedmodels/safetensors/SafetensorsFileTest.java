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
          {"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}} | Duplicate field 'dtype'
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":{}}} | exactly dtype, shape and data_offsets
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\\u0061":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}} | Duplicate field 'a'
          {"a":{"dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}} | overflows
          {"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}} | at most 16 integers in shape
          {"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | overlap
          {"__metadata__":[],"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | map names to texts
          {"__metadata__":{"format":{}},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | map names to texts
          {"__metadata__":{},"__metadata__":{}} | Duplicate field
          {"a\\nb":{}} | tensor a?b must have
          {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]} | not JSON
          """)
  void aLyingHeaderIsRefused(String header, String reason) throws Exception {
    DataException e = refused(file(header, new byte[8]));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void tensorsWithoutElementsTakeNoPlace() throws Exception {
    SafetensorsFile read =
        SafetensorsFile.open(
            file(
                "{\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                    + "\"a\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[8,8]},"
                    + "\"c\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                new byte[8]));
    assertEquals(List.of("c", "b", "a"), List.copyOf(read.names()), "in the order of their places");
    assertEquals(0, read.floats("a").length);
  }

  /** Each would take gigabytes if it were held as a tree of JSON nodes. */
  @Test
  void aHeaderFullOfNothingTakesLittleMemory() throws Exception {
    int most = 90_000_000;
    for (String unit : List.of("[", "{\"a\":", "0,", "{},")) {
      String start = "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8],\"shape\":[";
      refused(file(start + unit.repeat((most - start.length()) / unit.length()), new byte[8]));
    }
    refused(file("{\"a\":".repeat(most / 5), new byte[8]));
    assertTrue(
        refused(entries("{\"__metadata__\":{\"\":\"\"", ",\"%x\":\"\""))
            .getMessage()
            .contains("10000"));
    String tensor = ",\"%x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
    assertTrue(refused(entries("{\"__metadata__\":{}", tensor)).getMessage().contains("200000"));
  }

  private Path entries(String start, String pattern) throws IOException {
    StringBuilder text = new StringBuilder(start);
    for (int i = 0; i < SafetensorsHeader.MAX_TENSORS + 10; i++) {
      text.append(pattern.formatted(i));
    }
    return file(text.toString(), new byte[8]);
  }

  @Test
  void aMessageHoldsOnlyTheStartOfALongName() throws Exception {
    String name = "x".repeat(900);
    DataException e = refused(file("{\"" + name + "\":{}}", new byte[8]));
    assertTrue(e.getMessage().length() < 400, e.getMessage());
    assertTrue(
        refused(file("{\"" + name + name + "\":{}}", new byte[8])).getMessage().contains("1000"));
  }

  @Test
  void aHeaderInUtf16IsRefused() throws Exception {
    byte[] header = "{}".getBytes(StandardCharsets.UTF_16LE);
    refused(Files.write(folder.resolve("x"), Bytes.concat(length(header.length), header)));
  }

  @Test
  void aFolderIsNoFile() {
    refused(folder);
  }

  @Test
  void aFileThatIsCutAfterItWasOpenedIsAnError() throws Exception {
    Path path =
        file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]);
    SafetensorsFile read = SafetensorsFile.open(path);
    Files.write(path, new byte[20]);
    assertTrue(
        assertThrows(DataException.class, () -> read.floats("a")).getMessage().contains("cut"));
  }

  @Test
  void aTensorComesInPieces() throws Exception {
    float[] values = new float[600_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 251;
    }
    for (Dtype dtype : Dtype.values()) {
      Path path = folder.resolve(dtype.name());
      try (var out = Files.newOutputStream(path)) {
        SafetensorsWriter.write(out, Map.of("w", List.of(600_000L)), n -> dtype, n -> values);
      }
      float[] got = new float[values.length];
      int[] pieces = new int[1];
      SafetensorsFile.open(path)
          .read(
              "w",
              (from, piece, count) -> {
                System.arraycopy(piece, 0, got, (int) from, count);
                pieces[0]++;
              });
      assertArrayEquals(values, got);
      assertEquals(600_000 * dtype.bytes() / (1 << 20) + 1, pieces[0]);
    }
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
