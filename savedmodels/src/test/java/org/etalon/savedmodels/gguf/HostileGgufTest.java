package org.etalon.savedmodels.gguf;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.etalon.data.DataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileGgufTest {
  private static final int MUTATIONS = 20_000;
  private static final long[] COUNTS = {
    -1, 0, 1, 255, 65_536, Integer.MAX_VALUE, 0xffffffffL, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE
  };

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("m.gguf");
  }

  /** A header field by field, so that any of them can be wrong. */
  private static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static Bytes header(long tensors, long values) {
      return new Bytes().i32(0x46554747).i32(3).i64(tensors).i64(values);
    }

    Bytes i32(int value) {
      out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
      return this;
    }

    Bytes i64(long value) {
      out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
      return this;
    }

    Bytes text(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      i64(utf8.length);
      out.writeBytes(utf8);
      return this;
    }

    Bytes tensor(String name, int type, long offset, long... dims) {
      text(name).i32(dims.length);
      for (long dim : dims) {
        i64(dim);
      }
      return i32(type).i64(offset);
    }

    Bytes data(int bytes) {
      int padding = (int) GgufHeader.padded(out.size(), 32) - out.size();
      out.writeBytes(new byte[padding + bytes]);
      return this;
    }
  }

  private void refused(Bytes bytes, String said) throws IOException {
    Files.write(file, bytes.out.toByteArray());
    DataException refusal = assertThrows(DataException.class, () -> GgufFile.open(file));
    assertTrue(refusal.getMessage().contains(said), refusal.getMessage());
    assertTrue(refusal.getMessage().startsWith(file + ": "), refusal.getMessage());
  }

  @Test
  void headersThatLieAreRefused() throws IOException {
    refused(new Bytes(), "not a GGUF file");
    refused(new Bytes().i32(0x46554746).i32(3), "not a GGUF file");
    refused(new Bytes().i32(0x46554747).i32(1), "version 1");
    refused(new Bytes().i32(0x46554747).i32(3 << 24), "big-endian");
    refused(Bytes.header(1L << 60, 0), "number of tensors");
    refused(Bytes.header(0, -1), "18446744073709551615");
    refused(Bytes.header(0, 1), "the file ends within");
    refused(Bytes.header(0, 1).i64(1L << 62), "a length of at most");
    refused(Bytes.header(0, 1).text("k").i32(13), "no type of values with number 13");
    refused(Bytes.header(0, 1).text("k").i32(9).i32(9).i64(1), "an array of arrays");
    refused(Bytes.header(0, 1).text("k").i32(9).i32(8).i64(1L << 40), "a length of k");
    refused(Bytes.header(0, 1).text("k").i32(9).i32(0).i64(1L << 40), "a length of k");
    refused(Bytes.header(0, 1).text("k").i32(10).i64(-1), "k of at most");
    refused(Bytes.header(0, 2).text("k").i32(4).i32(1).text("k").i32(4).i32(1), "k occurs twice");
    refused(Bytes.header(0, 1).text("general.alignment").i32(4).i32(24).data(64), "a power of two");
  }

  @Test
  void tensorsThatDoNotFitAreRefused() throws IOException {
    refused(Bytes.header(1, 0).tensor("a", 0, 0, 8).data(31), "needs 32 bytes");
    refused(Bytes.header(1, 0).tensor("a", 0, 32, 8).data(64), "there is a hole");
    refused(
        Bytes.header(2, 0).tensor("a", 0, 0, 8).tensor("b", 0, 0, 8).data(64), "tensors overlap");
    refused(
        Bytes.header(2, 0).tensor("a", 0, 0, 8).tensor("a", 0, 32, 8).data(64), "a occurs twice");
    refused(Bytes.header(1, 0).tensor("a", 0, 0, 1L << 62, 1L << 62).data(32), "overflows");
    refused(Bytes.header(1, 0).tensor("a", 0, 0, 1L << 62).data(32), "overflows");
    refused(Bytes.header(1, 0).tensor("a", 0, 0, 0).data(32), "got shape [0]");
    refused(Bytes.header(1, 0).tensor("a", 0, 0, -8).data(32), "a dimension of a");
    refused(Bytes.header(1, 0).tensor("a", 2, 0, 48).data(36), "a multiple of 32");
    refused(Bytes.header(1, 0).tensor("a", 22, 0, 256).data(82), "got IQ2_S");
    refused(Bytes.header(1, 0).tensor("a", 4, 0, 256).data(82), "got number 4");
    refused(Bytes.header(1, 0).tensor("a", 0, 0).data(32), "1 to 4 dimensions");
    refused(Bytes.header(1, 0).tensor("a", 0, 0, 1, 1, 1, 1, 1).data(32), "1 to 4 dimensions");
    refused(Bytes.header(1, 0).tensor("a", 0, 0, 8).data(96), "the file has");
  }

  @Test
  void aMutatedFileIsReadOrRefused() throws IOException {
    byte[] whole = small();
    Random random = new Random(42);
    int[] refused = new int[1];
    assertTimeoutPreemptively(
        Duration.ofMinutes(2),
        () -> {
          for (int i = 0; i < MUTATIONS; i++) {
            Files.write(file, mutated(whole, random));
            try {
              GgufFile gguf = GgufFile.open(file);
              gguf.names().forEach(gguf::floats);
              GgufModel.open(file).tokenizerFiles();
            } catch (DataException e) {
              assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
              refused[0]++;
            }
          }
        });
    assertTrue(refused[0] > MUTATIONS / 2, refused[0] + " refused");
  }

  /** A model so small that most mutations meet its header. */
  private byte[] small() throws IOException {
    Map<String, GgufValue> metadata = new TreeMap<>();
    metadata.put("general.architecture", new GgufValue.Text("llama"));
    for (String key :
        List.of("context_length", "block_count", "attention.head_count", "embedding_length")) {
      metadata.put("llama." + key, new GgufValue.Whole(key.startsWith("e") ? 4 : 1));
    }
    metadata.put("llama.feed_forward_length", new GgufValue.Whole(8));
    metadata.put("llama.attention.layer_norm_rms_epsilon", new GgufValue.Real(1e-5));
    metadata.put(GgufTokenizer.MODEL, new GgufValue.Text("gpt2"));
    metadata.put(GgufTokenizer.PRE, new GgufValue.Text("smollm"));
    metadata.put(GgufTokenizer.TOKENS, new GgufValue.Texts(List.of("a", "b", "ab", "<|e|>")));
    metadata.put(GgufTokenizer.TYPES, new GgufValue.Wholes(List.of(1, 1, 1, 3)));
    metadata.put(GgufTokenizer.MERGES, new GgufValue.Texts(List.of("a b")));
    metadata.put(GgufTokenizer.EOS, new GgufValue.Whole(3));
    Map<String, GgufWriter.Plan> plans = new TreeMap<>();
    plans.put("token_embd.weight", new GgufWriter.Plan(GgufType.F32, List.of(4L, 4L)));
    plans.put("output_norm.weight", new GgufWriter.Plan(GgufType.F32, List.of(4L)));
    for (String norm : List.of("attn_norm", "ffn_norm")) {
      plans.put("blk.0." + norm + ".weight", new GgufWriter.Plan(GgufType.F32, List.of(4L)));
    }
    for (String square : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
      plans.put("blk.0." + square + ".weight", new GgufWriter.Plan(GgufType.F16, List.of(4L, 4L)));
    }
    for (String wide : List.of("ffn_gate", "ffn_up")) {
      plans.put("blk.0." + wide + ".weight", new GgufWriter.Plan(GgufType.F16, List.of(8L, 4L)));
    }
    plans.put("blk.0.ffn_down.weight", new GgufWriter.Plan(GgufType.F16, List.of(4L, 8L)));
    GgufWriter.write(file, metadata, plans, name -> new float[(int) plans.get(name).values()]);
    GgufModel.open(file).tokenizerFiles();
    return Files.readAllBytes(file);
  }

  private static byte[] mutated(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length - 8);
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> buffer.putLong(at, COUNTS[random.nextInt(COUNTS.length)]);
        case 2 -> buffer.putInt(at, (int) COUNTS[random.nextInt(COUNTS.length)]);
        case 3 -> {
          int length = random.nextInt(Math.min(64, bytes.length - at));
          System.arraycopy(whole, random.nextInt(whole.length - length), bytes, at, length);
        }
        default ->
            bytes = Arrays.copyOf(bytes, 16 + random.nextInt(Math.max(1, bytes.length - 16)));
      }
    }
    return bytes;
  }
}
