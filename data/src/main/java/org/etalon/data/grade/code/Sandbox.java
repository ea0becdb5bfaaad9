package org.etalon.data.grade.code;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One running sandbox: bubblewrap with the server of {@code sandbox.py} in it, which runs one
 * program at a time. Nothing of a program stays in it: each runs in namespaces of its own, forked
 * from a process that reads neither code nor input. Not safe for use from several threads at once.
 */
final class Sandbox implements AutoCloseable {
  private static final double START_SECONDS = 30;

  /** Beyond a test's own limit: 5 s in which its processes must have been made, and a reserve. */
  private static final double GRACE_SECONDS = 6;

  private static final int MOST_HEADER_BYTES = 1 << 14;

  private final Process process;
  private final InputStream in;
  private final OutputStream out;
  private final ScheduledExecutorService clock;
  private final String version;

  /**
   * Starts a sandbox.
   *
   * <p>The kernel ends bubblewrap when the thread that started it ends, so that no sandbox outlives
   * a killed JVM: the calling thread has to live as long as the sandbox.
   *
   * @param clock ends a sandbox that does not answer
   * @throws SandboxException if it does not start, with what bubblewrap said
   */
  Sandbox(List<String> command, ScheduledExecutorService clock) throws SandboxException {
    this.clock = clock;
    ProcessBuilder builder = new ProcessBuilder(command);
    // The sandbox's process 1 keeps what bubblewrap was given.
    builder.environment().clear();
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new SandboxException(command.get(0) + " cannot be run (" + e.getMessage() + ")", e);
    }
    in = process.getInputStream();
    out = process.getOutputStream();
    ScheduledFuture<?> alarm = endAfter(START_SECONDS);
    try {
      version = header().path("python").asText();
    } catch (IOException e) {
      String said = complaint();
      close();
      throw new SandboxException(said, e);
    } finally {
      alarm.cancel(false);
    }
  }

  /** Of Python. */
  String version() {
    return version;
  }

  /**
   * Runs one program on one input; returns at the latest 7 seconds after its time limit, in
   * practice within a fraction of a second.
   *
   * @throws SandboxException if the sandbox failed; it is then closed
   */
  SandboxRun run(SandboxRequest request) throws SandboxException {
    ScheduledFuture<?> alarm = endAfter(request.seconds() + GRACE_SECONDS);
    try {
      out.write(request.header());
      out.write(request.code());
      out.write(request.input());
      out.flush();
      JsonNode answer = header();
      byte[] output = exactly(answer.path("output").asInt());
      byte[] errors = exactly(answer.path("errors").asInt());
      if (answer.has("fault")) {
        throw new SandboxException(answer.get("fault").asText());
      }
      boolean ended =
          answer.path("timeout").asBoolean()
              || answer.path("overflow").asBoolean()
              || answer.path("memory").asBoolean();
      if (!ended && !answer.has("status")) {
        throw new SandboxException("the sandbox does not say how the program ended");
      }
      return new SandboxRun(
          answer.path("timeout").asBoolean(),
          answer.path("overflow").asBoolean(),
          answer.path("memory").asBoolean(),
          answer.path("status").asInt(),
          answer.path("cpu").asDouble(),
          answer.path("wall").asDouble(),
          answer.path("memory_kb").asLong(),
          output,
          errors);
    } catch (IOException e) {
      String said = complaint();
      close();
      throw new SandboxException(said, e);
    } catch (SandboxException e) {
      close();
      throw e;
    } finally {
      alarm.cancel(false);
    }
  }

  private ScheduledFuture<?> endAfter(double seconds) {
    return clock.schedule(
        () -> process.destroyForcibly(), (long) (seconds * 1000), TimeUnit.MILLISECONDS);
  }

  private JsonNode header() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.size() > MOST_HEADER_BYTES) {
        throw new EOFException("no answer");
      }
      line.write(b);
    }
    return JsonText.value(line.toString(StandardCharsets.UTF_8));
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("half an answer");
    }
    return bytes;
  }

  /** What bubblewrap or Python wrote when it ended. */
  private String complaint() {
    try {
      process.waitFor(1, TimeUnit.SECONDS);
      int ready = process.getErrorStream().available();
      String text =
          new String(process.getErrorStream().readNBytes(ready), StandardCharsets.UTF_8).strip();
      return text.isEmpty()
          ? "the sandbox ended without a word"
          : text.substring(text.lastIndexOf('\n') + 1);
    } catch (IOException e) {
      return "the sandbox ended";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Ends it and all that runs in it. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      in.close();
      out.close();
      process.getErrorStream().close();
    } catch (IOException e) {
      // The process is gone, and with it what could still be written.
      return;
    }
  }
}
