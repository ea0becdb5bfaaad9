package org.etalon.savedmodels.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that hang up, or send without end; after each the server still answers a good one. */
class HostileClientTest {
  private static final int WINDOW = 4096;
  private static final int MESSAGE = 64 << 10;
  private static final long THREE_GIGABYTES = 3L << 30;

  @TempDir static Path base;
  private static TinyServer served;
  private static ServerFixture server;

  @BeforeAll
  static void start() {
    // No token ends a row: it goes on until its limit, or until nobody waits for it.
    served =
        TinyServer.start(
            new TinyModel(WINDOW, List.of()),
            base,
            options ->
                options
                    .withBatching(new ServerOptions.Batching(4, Duration.ZERO, 4, 8))
                    .withLimits(
                        new ServerOptions.Limits(
                            MESSAGE, 0, Duration.ofMinutes(5), Duration.ofMinutes(5))));
    server = served.server();
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @AfterEach
  void stillAnswers() {
    Ask ask = Ask.greedy(new int[] {5, 9, 300}, 3);
    assertEquals(3, server.generate(List.of(ask)).get(0).ids().length);
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static Socket post(String path, String headers, String body) throws IOException {
    Socket socket = connect(server.server.restPort());
    String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n";
    socket.getOutputStream().write((head + body).getBytes(ISO_8859_1));
    return socket;
  }

  private static double rows() {
    ServerMetrics metrics = server.server.metrics();
    return metrics.running("generate") + metrics.waiting("generate");
  }

  private static double metric(String name) throws Exception {
    return server
        .get("/monitoring/prometheus/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  private static void hangsUp(String path, String body, String method) throws Exception {
    String cancelled = "etalon_requests_total{code=\"CANCELLED\",method=\"" + method + "\"}";
    double tokens = metric("etalon_generated_tokens_total");
    double before = metric(cancelled);
    try (Socket socket = post(path, "Content-Length: " + body.length(), body)) {
      ServerFixture.eventually(() -> rows() > 0);
      assertTrue(socket.isConnected());
    }
    while (metric(cancelled) == before) {
      // Ends at the latest when the whole answer is there, which is then too long.
      Thread.sleep(10);
      assertTrue(metric("etalon_generated_tokens_total") - tokens < WINDOW - 100, "not noticed");
    }
    ServerFixture.eventually(() -> rows() == 0);
    double ended = metric("etalon_generated_tokens_total");
    assertTrue(ended - tokens < WINDOW - 100, "generated " + (ended - tokens));
  }

  @Test
  void aClientThatHangsUpWhileItWaitsFreesItsSlot() throws Exception {
    hangsUp(
        "/v1/models/tiny:predict",
        "{\"instances\": [{\"ids\": [5], \"lengths\": 1, \"temperature\": 0, \"top_k\": 0,"
            + " \"top_p\": 1, \"seed\": 0, \"max_new_tokens\": 4000}]}",
        "REST predict");
  }

  @Test
  void aClientThatHangsUpBeforeItsCompletionFreesItsSlot() throws Exception {
    hangsUp(
        "/v1/completions",
        "{\"model\": \"tiny\", \"prompt\": [5], \"max_tokens\": 4000}",
        "completion");
  }

  private static String answer(InputStream in) throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  @Test
  void aBodyThatIsAnnouncedTooLargeIsRefusedUnread() throws Exception {
    for (String more : List.of("", "\r\nExpect: 100-continue")) {
      String headers = "Content-Length: " + THREE_GIGABYTES + more;
      try (Socket socket = post("/v1/models/tiny:predict", headers, "{")) {
        String answer = answer(socket.getInputStream());
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("at most 65536 bytes"), answer);
      }
    }
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return runtime.totalMemory() - runtime.freeMemory() + direct;
  }

  @Test
  void aBodyWithoutEndIsRefusedAndNotKept() throws Exception {
    long before = used();
    long sent = 0;
    byte[] chunk = Bytes.concat("10000\r\n".getBytes(ISO_8859_1), new byte[0x10000]);
    byte[] more = Bytes.concat(chunk, "\r\n".getBytes(ISO_8859_1));
    try (Socket socket = post("/v1/completions", "Transfer-Encoding: chunked", "")) {
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        while (sent < THREE_GIGABYTES) {
          out.write(more);
          sent += more.length;
          answer.write(in.readNBytes(in.available()));
        }
      } catch (IOException e) {
        // Cut off, as it has to be.
        assertTrue(sent > MESSAGE, e.toString());
      }
      assertTrue(sent < THREE_GIGABYTES, "taken in to the end");
      String text = answer.toString(ISO_8859_1);
      assertTrue(text.startsWith("HTTP/1.1 413 "), text);
      assertTrue(text.contains("at most 65536 bytes"), text);
    }
    assertTrue(used() - before < 64 << 20, "kept " + (used() - before) + " of " + sent);
  }

  /** An HTTP/2 frame of stream 1, or of the connection for settings. */
  private static byte[] frame(int type, int flags, int stream, byte[] content) {
    return ByteBuffer.allocate(9 + content.length)
        .put((byte) 0)
        .putShort((short) content.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(content)
        .array();
  }

  /** A header field that enters no table (RFC 7541, 6.2.2); of a name in the static one or new. */
  private static byte[] field(byte[] name, String value) {
    byte[] text = value.getBytes(ISO_8859_1);
    return Bytes.concat(name, new byte[] {(byte) text.length}, text);
  }

  @Test
  void aGrpcMessageThatIsAnnouncedTooLargeIsRefusedUnread() throws Exception {
    byte[] post = {(byte) 0x83, (byte) 0x86};
    byte[] headers =
        Bytes.concat(
            post,
            field(new byte[] {0x04}, "/tensorflow.serving.PredictionService/Predict"),
            field(new byte[] {0x01}, "x"),
            field(new byte[] {0x0f, 0x10}, "application/grpc"),
            field(new byte[] {0x00, 2, 't', 'e'}, "trailers"));
    byte[] message =
        ByteBuffer.allocate(9).put((byte) 0).putInt((int) THREE_GIGABYTES).putInt(7).array();
    long before = used();
    try (Socket socket = connect(server.server.port())) {
      socket
          .getOutputStream()
          .write(
              Bytes.concat(
                  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1),
                  frame(4, 0, 0, new byte[0]),
                  frame(1, 4, 1, headers),
                  frame(0, 0, 1, message)));
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf("exceeds maximum size 65536") < 0) {
        int next = in.read();
        assertTrue(next >= 0, answer::toString);
        answer.append((char) next);
      }
      assertTrue(answer.indexOf("grpc-status") >= 0, answer::toString);
    }
    assertTrue(used() - before < 64 << 20, "kept " + (used() - before));
  }
}
