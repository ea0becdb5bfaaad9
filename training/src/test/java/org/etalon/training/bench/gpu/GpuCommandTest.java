package org.etalon.training.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.program.Device;
import org.etalon.training.command.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GpuCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = Commands.prepare(new CommandLine(new GpuCommand()));
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  private static List<JsonNode> lines(String text) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      lines.add(new JsonMapper().readTree(line));
    }
    return lines;
  }

  /** The code that a GPU would run, but for cuDNN's call. */
  @Test
  void everyCheckRunsOnACpuAtToySizes() throws Exception {
    Path json = folder.resolve("checks.jsonl");
    assertEquals(0, run("--device", "cpu", "--small", "--json", json.toString()), out.toString());
    assertEquals(out.toString(), Files.readString(json));
    List<JsonNode> checks = lines(out.toString());
    assertEquals(
        List.of(
            "1 device ok",
            "2 ceilings ok",
            "3 compiled-function ok",
            "4 tiny-training ok",
            "5 flash-attention ok",
            "6 model ok",
            "7 peer skipped",
            "2 ceilings-last ok"),
        checks.stream()
            .map(
                c -> c.get("check") + " " + c.get("name").asText() + " " + c.get("status").asText())
            .toList());
    assertTrue(checks.get(1).get("product_tflops").asDouble() > 0);
    assertFalse(checks.get(4).get("cudnn").asBoolean());
    JsonNode model = checks.get(5);
    assertTrue(model.get("layer").get(0).get("median_s").asDouble() > 0);
    // ln 512 = 6.24: an untrained model.
    assertEquals(6.24, model.get("step").get(0).get("loss").asDouble(), 0.1);
    assertEquals(2, model.get("decode").get(0).get("rows").asInt());
    assertTrue(checks.get(6).get("reason").asText().contains("--peer"));
  }

  @Test
  void withoutAGpuTheFirstCheckEndsItAndSaysWhatIsMissing() throws Exception {
    assumeTrue(Device.of(Device.Kind.AUTO).visible().isEmpty());
    assertEquals(3, run());
    List<JsonNode> checks = lines(out.toString());
    assertEquals(1, checks.size());
    assertEquals("no-gpu", checks.get(0).get("status").asText());
    assertTrue(checks.get(0).get("reason").asText().contains("NVIDIA driver"), out.toString());
  }

  @Test
  void oneCheckIsMadeAfterTheFirst() throws Exception {
    assertEquals(0, run("--device", "cpu", "--small", "--only", "3"));
    assertEquals(
        List.of(1, 3),
        lines(out.toString()).stream().map(line -> line.get("check").asInt()).toList());
  }

  @Test
  void measurementsEndWithTheTimeLimit() throws Exception {
    assertEquals(
        0,
        run("--device", "cpu", "--small", "--only", "6", "--time-limit", "1e-9"),
        out.toString());
    JsonNode model = lines(out.toString()).get(1);
    for (String part : List.of("layer", "step", "decode")) {
      assertTrue(model.get(part).get(0).get("skipped").asText().contains("--time-limit"), part);
    }
  }

  @Test
  void badInputNamesTheRemedy() {
    assertEquals(2, run("--only", "8"));
    assertTrue(err.toString().contains("expected 1 to 7, got [8]"), err.toString());
    assertEquals(2, run("--time-limit", "0"));
  }
}
