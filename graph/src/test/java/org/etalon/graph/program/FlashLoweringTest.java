package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.TensorFlow;

/**
 * What XLA makes of cuDNN attention, read from what it dumps: everything but the calls themselves,
 * which only a GPU can run.
 */
class FlashLoweringTest {
  private static final String FORWARD = "__cudnn$fmhaSoftmax";
  private static final String BACKWARD = "__cudnn$fmhaSoftmaxBackward";
  private static final String Q = "bf16[2,6,24,16]{3,2,1,0}";
  private static final String K = "bf16[2,2,24,16]{3,2,1,0}";
  private static final String STATISTICS = "f32[2,6,24]{2,1,0}";

  @TempDir static Path dump;
  private static String out;

  /** One custom call in HLO text. */
  private record Call(String target, String results, List<String> operands, String line) {
    private static final Pattern LINE =
        Pattern.compile(
            "^ *\\S+ = (\\(.*?\\)) custom-call\\((.*?)\\), custom_call_target=\"(.*?)\"");

    static List<Call> of(String hlo) {
      return hlo.lines()
          .flatMap(
              line -> {
                var found = LINE.matcher(line);
                return found.find()
                    ? Stream.of(
                        new Call(
                            found.group(3),
                            found.group(1),
                            Stream.of(found.group(2).split(", "))
                                .map(operand -> operand.replaceFirst("/\\*.*\\*/", ""))
                                .toList(),
                            line))
                    : Stream.empty();
              })
          .toList();
    }

    String layouts() {
      var found = Pattern.compile("operand_layout_constraints=\\{(.*?\\})\\}").matcher(line);
      assertTrue(found.find(), line);
      return found.group(1);
    }

    String configuration() {
      return line.substring(line.indexOf("backend_config=") + "backend_config=".length());
    }
  }

  /** Lowers everything once: XLA takes seconds for a step. */
  @BeforeAll
  static void lower() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), FlashDump.class.getName()));
    command.addAll(List.of("attention", "NONE", "FULL"));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    String flags = "--xla_dump_to=%s --xla_dump_hlo_as_text --xla_backend_optimization_level=0";
    builder.environment().put("XLA_FLAGS", flags.formatted(dump));
    Process process = builder.start();
    out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
  }

  /**
   * Calls in what XLA had at a stage.
   *
   * @param function part of the compiled function's name
   * @param index which of these functions, in the order they were compiled
   */
  private static List<Call> calls(String function, int index, String stage) throws IOException {
    try (Stream<Path> files = Files.list(dump)) {
      List<Path> found =
          files
              .filter(file -> file.getFileName().toString().contains("." + function + "_xla_"))
              .filter(file -> file.toString().endsWith(stage + ".txt"))
              .sorted()
              .toList();
      return Call.of(Files.readString(found.get(index)));
    }
  }

  private static List<Call> attention() throws IOException {
    return calls("attention", 0, "before_optimizations");
  }

  @Test
  void onlyTheCallsThemselvesDoNotRun() {
    List<String> lines = out.lines().filter(line -> line.startsWith("failed")).toList();
    assertEquals(3, lines.size(), out);
    for (String line : lines) {
      assertTrue(line.contains("No registered implementation"), out);
      assertTrue(line.contains(FORWARD), out);
    }
    assertFalse(out.contains("ran"), out);
  }

  /** Operands, results and layouts in the order that XLA's compiler of these calls reads. */
  @Test
  void theCallsAreThoseThatXlaForGpusTakes() throws Exception {
    List<Call> calls = attention();
    assertEquals(List.of(FORWARD, BACKWARD), calls.stream().map(Call::target).toList());

    Call forward = calls.get(0);
    assertEquals(3, forward.operands.size());
    assertEquals(String.join(", ", Q, K, K), forward.layouts());
    assertEquals("(" + String.join(", ", Q, STATISTICS, "u8[0]{0}") + ")", forward.results);

    Call backward = calls.get(1);
    assertEquals(String.join(", ", Q, K, K, STATISTICS, Q, Q), backward.layouts());
    assertEquals("(" + String.join(", ", Q, K, K, "u8[0]{0}") + ")", backward.results);
    assertEquals(forward.operands, backward.operands.subList(0, 3), "q, k and v are rounded once");
  }

  @Test
  void theConfigurationSaysCausalFlashAttentionOfTheseSizes() throws Exception {
    for (Call call : attention()) {
      String text = call.configuration();
      for (String part :
          List.of(
              "\"mask_type\": \"CAUSAL\"",
              "\"is_flash_attention\": true",
              "\"fmha_scale\": 1.0",
              "\"dropout_rate\": 0.0",
              "\"element_type\": \"BF16\"",
              "\"dimensions\": [\"2\", \"6\", \"24\", \"24\"]")) {
        assertTrue(text.contains(part), part + " in " + text);
      }
    }
  }

  /** The pair of casts around the kept result is gone, so that bfloat16 is kept. */
  @Test
  void whatIsKeptForTheBackwardCallIsWhatTheForwardCallGave() throws Exception {
    List<Call> calls = calls("attention", 0, "after_optimizations");
    Call backward =
        calls.stream().filter(call -> call.target.equals(BACKWARD)).findFirst().orElseThrow();
    assertTrue(backward.operands.get(3).startsWith("get-tuple-element"), backward.line);
    assertTrue(backward.operands.get(5).startsWith("get-tuple-element"), backward.line);
  }

  /** Two layers; what is computed again is not merged with what was computed before. */
  @ParameterizedTest
  @CsvSource({"0, 2", "1, 4"}) // recompute: none, full
  void aTrainingStepCallsOnceALayerAndOnceMoreWhereALayerIsComputedAgain(int step, long forward)
      throws Exception {
    for (String stage : List.of("before_optimizations", "after_optimizations")) {
      List<Call> calls = calls("backward", step, stage);
      assertEquals(forward, calls.stream().filter(c -> c.target.equals(FORWARD)).count(), stage);
      assertEquals(2, calls.stream().filter(c -> c.target.equals(BACKWARD)).count(), stage);
    }
  }

  /** XLA refuses a field that it does not know, and reads the configuration only on a GPU. */
  @Test
  void theFieldsAreThoseOfTheLibraryInUse() throws Exception {
    FileDescriptorProto file = descriptor("xla/service/gpu/backend_configs.proto");
    List<String> outer = fields(file, "GpuBackendConfig");
    List<String> inner = fields(file, "CudnnfMHABackendConfig");
    for (Call call : attention()) {
      String text = call.configuration();
      String marker = "\"cudnn_fmha_backend_config\": ";
      int start = text.indexOf(marker);
      assertTrue(outer.containsAll(keys(text.substring(0, start + marker.length()))), text);
      List<String> used = keys(text.substring(start + marker.length()));
      assertTrue(used.size() >= 9, text);
      assertTrue(inner.containsAll(used), used + " in " + inner);
    }
  }

  /** Keys of a JSON object that stand directly in it. */
  private static List<String> keys(String json) {
    List<String> keys = new ArrayList<>();
    int depth = 0;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      if (c == '"') {
        int end = json.indexOf('"', i + 1);
        if (depth == 1 && json.startsWith("\":", end)) {
          keys.add(json.substring(i + 1, end));
        }
        i = end;
      }
    }
    return keys;
  }

  private static List<String> fields(FileDescriptorProto file, String message) {
    DescriptorProto found =
        file.getMessageTypeList().stream()
            .filter(m -> m.getName().equals(message))
            .findFirst()
            .orElseThrow();
    return found.getFieldList().stream()
        .map(FieldDescriptorProto::getName)
        .collect(Collectors.toList());
  }

  /** A protobuf file as TensorFlow's library carries it. */
  private static FileDescriptorProto descriptor(String name) throws IOException {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    byte[] needle = new byte[text.length + 2];
    needle[0] = (FileDescriptorProto.NAME_FIELD_NUMBER << 3) | 2;
    needle[1] = (byte) text.length;
    System.arraycopy(text, 0, needle, 2, text.length);
    byte[] library = library();
    for (int at = 0; at <= library.length - needle.length; at++) {
      if (Arrays.equals(needle, 0, needle.length, library, at, at + needle.length)) {
        return FileDescriptorProto.parseFrom(Arrays.copyOfRange(library, at, end(library, at)));
      }
    }
    throw new AssertionError(name + " is not in TensorFlow's library");
  }

  /** Behind the syntax, a descriptor's last field. */
  private static int end(byte[] library, int start) throws IOException {
    CodedInputStream in =
        CodedInputStream.newInstance(library, start, Math.min(1 << 20, library.length - start));
    while (true) {
      int tag = in.readTag();
      in.skipField(tag);
      if (WireFormat.getTagFieldNumber(tag) == FileDescriptorProto.SYNTAX_FIELD_NUMBER) {
        return start + in.getTotalBytesRead();
      }
    }
  }

  private static byte[] library() throws IOException {
    for (String build : List.of("linux-x86_64", "linux-x86_64-gpu")) {
      String path = "/org/tensorflow/internal/c_api/" + build + "/libtensorflow_framework.so.2";
      Optional<InputStream> in = Optional.ofNullable(TensorFlow.class.getResourceAsStream(path));
      if (in.isPresent()) {
        try (InputStream library = in.get()) {
          return library.readAllBytes();
        }
      }
    }
    throw new AssertionError("TensorFlow's natives are not on the class path");
  }
}
