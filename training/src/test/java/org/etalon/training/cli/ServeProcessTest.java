package org.etalon.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Program;
import org.etalon.savedmodels.export.SavedModelExporter;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.ModelSpec;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictionServiceGrpc;
import org.etalon.savedmodels.wire.ModelAnswers;
import org.etalon.savedmodels.wire.ModelRequests;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code etalon serve} as a process of its own that is told to stop. */
@Tag("slow")
class ServeProcessTest {
  private static final int WINDOW = 4096;
  private static final int ROWS = 8;
  private static final int TOKENS = 3000;

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  /** A random model that no token ends. */
  private Path model() throws Exception {
    Path base = Files.createDirectory(folder.resolve("model"));
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      ModelConfig config =
          ModelConfig.qwen2(tokenizer.vocabSize(), 32, 48, 2, 4, 2, 8, 1e4, 1e-6, true, WINDOW);
      try (Program program = new Program(config, ExecutionOptions.defaults())) {
        program.initialize(3, 0.3);
        new SavedModelExporter(config, List.of(), tokenizer.padId())
            .write(base, 1, Bundle.of(program)::save, tokenizer, Map.of());
      }
    }
    return base;
  }

  private Process start(Path base, Path log) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Etalon.class.getName(),
            "serve",
            "--model=" + base,
            "--port=0",
            "--rest-port=0",
            "--drain-seconds=120")
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static void eventually(Process process, Path log, Callable<Boolean> condition)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!condition.call()) {
      assertTrue(process.isAlive() && System.nanoTime() < end, Files.readString(log));
      Thread.sleep(20);
    }
  }

  private static Matcher ports(Path log) throws Exception {
    return Pattern.compile("gRPC 127.0.0.1:(\\d+), REST http://127.0.0.1:(\\d+)")
        .matcher(Files.readString(log));
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static PredictRequest request(int rows, int tokens) {
    return PredictRequest.newBuilder()
        .setModelSpec(ModelSpec.newBuilder().setName("etalon"))
        .putAllInputs(
            ModelRequests.generate(
                Collections.nCopies(rows, Ask.greedy(new int[] {5, 9, 300}, tokens))))
        .build();
  }

  @Test
  void sigtermLetsAnswersEndRefusesNewOnesAndExitsInOrder() throws Exception {
    Path log = folder.resolve("log");
    Process process = start(model(), log);
    try {
      eventually(process, log, () -> ports(log).find());
      Matcher ports = ports(log);
      assertTrue(ports.find());
      int rest = Integer.parseInt(ports.group(2));
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(ports.group(1)))
              .usePlaintext()
              .build();
      try {
        var answer = PredictionServiceGrpc.newFutureStub(channel).predict(request(ROWS, TOKENS));
        eventually(
            process,
            log,
            () ->
                get(rest, "/monitoring/prometheus/metrics")
                    .body()
                    .contains("etalon_rows_running{queue=\"generate\"} " + ROWS));
        process.destroy();
        eventually(process, log, () -> get(rest, "/v1/models/etalon").statusCode() == 503);
        StatusRuntimeException refused =
            assertThrows(
                StatusRuntimeException.class,
                () -> PredictionServiceGrpc.newBlockingStub(channel).predict(request(1, 1)));
        assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
        assertFalse(answer.isDone(), "answered before it was refused to others");
        var answers = ModelAnswers.answers(answer.get().getOutputsMap(), ROWS);
        assertTrue(answers.stream().allMatch(row -> row.ids().length == TOKENS));
      } finally {
        channel.shutdownNow();
      }
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), () -> "still runs");
      assertEquals(0, process.exitValue(), Files.readString(log));
    } finally {
      process.destroyForcibly();
    }
  }
}
