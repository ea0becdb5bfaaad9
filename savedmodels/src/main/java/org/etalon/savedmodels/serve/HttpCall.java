package org.etalon.savedmodels.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.Status;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One request over HTTP with its whole body, and its answer. One thread answers; it waits where the
 * client reads slowly.
 */
final class HttpCall {
  /** Our choice, seconds: a client that takes in nothing for so long is gone. */
  private static final long PATIENCE = 60;

  private final Channel channel;
  private final Head head;
  private final byte[] body;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private boolean answered;

  /**
   * What came before the body.
   *
   * @param path without the query
   * @param most bytes that a body may have
   * @param version 1.0 knows no chunks
   * @param keepsAlive whether the connection may serve another request
   */
  record Head(String method, String path, int most, HttpVersion version, boolean keepsAlive) {}

  /**
   * @param body null: larger than it may be
   */
  HttpCall(Channel channel, Head head, byte[] body) {
    this.channel = channel;
    this.head = head;
    this.body = body;
  }

  String method() {
    return head.method();
  }

  String path() {
    return head.path();
  }

  /**
   * The JSON object that came as the body.
   *
   * @throws ServingException if it is too large or no JSON object
   */
  JsonNode json() {
    if (body == null) {
      throw new ServingException(
          Status.Code.RESOURCE_EXHAUSTED,
          "expected a body of at most " + head.most() + " bytes; send less at once");
    }
    return Json.object(body);
  }

  /** Completed once the client has hung up. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  /** Whether the connection may serve another request. */
  boolean keepsAlive() {
    return head.keepsAlive();
  }

  /** Whether an answer was begun. */
  boolean answered() {
    return answered;
  }

  /**
   * Waits for a result, or its failure. What takes too long, or has nobody who waits for it any
   * more, is cancelled.
   */
  <T> T await(CompletableFuture<T> result, Duration time) {
    Completion.then(gone, (nothing, error) -> result.cancel(false));
    try {
      return Completion.get(result, time);
    } catch (CancellationException e) {
      throw new ServingException(Status.Code.CANCELLED, "the client went away");
    }
  }

  /** Answers with a whole body. */
  void send(int code, String type, byte[] content) throws IOException {
    send(code, type, content, "");
  }

  /**
   * Answers with a whole body.
   *
   * @param policy what a page may load; empty: no such header
   */
  void send(int code, String type, byte[] content, String policy) throws IOException {
    boolean headOnly = method().equals("HEAD");
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(code),
            Unpooled.wrappedBuffer(headOnly ? new byte[0] : content));
    head(response, type);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, content.length);
    if (!policy.isEmpty()) {
      response.headers().set("Content-Security-Policy", policy);
    }
    last(response);
  }

  void json(int code, Object value) throws IOException {
    send(code, "application/json", Json.MAPPER.writeValueAsBytes(value));
  }

  void text(int code, String type, String text) throws IOException {
    send(code, type + "; charset=utf-8", text.getBytes(UTF_8));
  }

  /** Begins an answer whose length is not known yet. */
  void begin(String type) throws IOException {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head(response, type);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    // A client of 1.0 knows the end by the connection's.
    HttpUtil.setTransferEncodingChunked(response, head.version().equals(HttpVersion.HTTP_1_1));
    written(channel.writeAndFlush(response));
  }

  /** Goes on with it. */
  void more(String text) throws IOException {
    written(
        channel.writeAndFlush(
            new DefaultHttpContent(Unpooled.wrappedBuffer(text.getBytes(UTF_8)))));
  }

  /** Ends it. */
  void finish() throws IOException {
    last(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void head(HttpResponse response, String type) {
    answered = true;
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, type);
    HttpUtil.setKeepAlive(headers, head.version(), head.keepsAlive());
  }

  private void written(ChannelFuture write) throws IOException {
    try {
      if (!write.await(PATIENCE, TimeUnit.SECONDS)) {
        abort();
        throw new IOException("it took in nothing for " + PATIENCE + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the server is stopping", e);
    }
    if (!write.isSuccess()) {
      throw new IOException(write.cause());
    }
  }

  /**
   * Ends the answer. In one go with the news of it: a client may have read it and sent its next
   * request before another task has its turn.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
  private void last(Object message) throws IOException {
    ChannelPromise written = channel.newPromise();
    channel
        .eventLoop()
        .execute(
            () -> {
              channel.writeAndFlush(message, written);
              channel.pipeline().fireUserEventTriggered(HttpReader.ANSWERED);
            });
    written(written);
  }

  /** Closes the connection: what was sent, if anything, is not the whole answer. */
  void abort() {
    channel.pipeline().fireUserEventTriggered(HttpReader.ABORTED);
  }
}
