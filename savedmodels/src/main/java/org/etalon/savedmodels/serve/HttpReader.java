package org.etalon.savedmodels.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection over HTTP: gathers a request, hands it on, and goes on reading while it is
 * answered, so that a client that hangs up is noticed at once. A body larger than it may be is not
 * kept: its request is handed on without it, and what still comes is dropped. Requests that are
 * sent before the answer to the one before are not offered: the connection closes after that, as
 * HTTP allows.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails here ends with channelInactive
final class HttpReader extends ChannelInboundHandlerAdapter {
  /** Told by a call whose answer has been handed to the connection. */
  static final Object ANSWERED = new Object();

  /** Told by a call that cannot be answered to the end. */
  static final Object ABORTED = new Object();

  /** Our choice, seconds: how long a connection may be silent, or a request may take to come. */
  private static final long READ_SECONDS = 60;

  /**
   * Our choice, seconds: a client that is still sending gets so long to read that it need not; a
   * connection closed on unread bytes would take the answer with it.
   */
  private static final long LINGER_SECONDS = 2;

  /** Our choice: bytes that such a client may send meanwhile. */
  private static final long LINGER_BYTES = 64L << 20;

  private final int most;
  private final Consumer<HttpCall> calls;
  private HttpRequest reading;
  private ByteArrayOutputStream body;
  private HttpCall call;
  private boolean drops;
  private ScheduledFuture<?> deadline;
  private boolean lingers;
  private long unread;

  /**
   * @param most bytes of a body
   * @param calls takes each request, and does not block
   */
  HttpReader(int most, Consumer<HttpCall> calls) {
    this.most = most;
    this.calls = calls;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    await(context, READ_SECONDS);
  }

  private void await(ChannelHandlerContext context, long seconds) {
    deadline = context.executor().schedule(() -> context.close(), seconds, TimeUnit.SECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof HttpRequest request) {
        begin(context, request);
      }
      if (message instanceof HttpContent content) {
        more(context, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    if (call != null || drops) {
      drops = true;
    } else if (!request.decoderResult().isSuccess()) {
      refuse(context);
    } else {
      reading = request;
      body = new ByteArrayOutputStream();
      if (HttpUtil.getContentLength(request, 0L) > most) {
        handOn(context, null);
      } else if (HttpUtil.is100ContinueExpected(request)) {
        context.writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
      }
    }
  }

  private void more(ChannelHandlerContext context, HttpContent content) {
    if (reading == null) {
      if (lingers) {
        unread += content.content().readableBytes();
      }
      if (unread > LINGER_BYTES) {
        context.close();
      }
      return;
    }
    if (!content.decoderResult().isSuccess()) {
      refuse(context);
      return;
    }
    ByteBuf bytes = content.content();
    if (body.size() + (long) bytes.readableBytes() > most) {
      handOn(context, null);
      return;
    }
    try {
      bytes.readBytes(body, bytes.readableBytes());
    } catch (IOException e) {
      throw new IllegalStateException("an array always takes bytes", e);
    }
    if (content instanceof LastHttpContent) {
      handOn(context, body.toByteArray());
    }
  }

  /** What is no HTTP gets no more than that. */
  private void refuse(ChannelHandlerContext context) {
    reading = null;
    drops = true;
    context.writeAndFlush(
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST));
    linger(context);
  }

  private void handOn(ChannelHandlerContext context, byte[] whole) {
    String path;
    try {
      path = URI.create(reading.uri()).getPath();
    } catch (IllegalArgumentException e) {
      refuse(context);
      return;
    }
    deadline.cancel(false);
    drops = whole == null;
    call =
        new HttpCall(
            context.channel(),
            new HttpCall.Head(
                reading.method().name(),
                path == null ? "" : path,
                most,
                reading.protocolVersion(),
                keepsAlive(whole)),
            whole);
    reading = null;
    body = null;
    calls.accept(call);
  }

  /**
   * Not after bytes that nobody read, and not with a client that sees the end of an answer by it.
   */
  private boolean keepsAlive(byte[] whole) {
    return whole != null
        && HttpUtil.isKeepAlive(reading)
        && reading.protocolVersion().equals(HttpVersion.HTTP_1_1);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ABORTED) {
      context.close();
    }
    if (event != ANSWERED || call == null) {
      return;
    }
    boolean goesOn = call.keepsAlive() && !drops;
    call = null;
    if (goesOn) {
      await(context, READ_SECONDS);
    } else {
      linger(context);
    }
  }

  private void linger(ChannelHandlerContext context) {
    deadline.cancel(false);
    // Behind what is still being sent.
    ChannelFuture sent = context.writeAndFlush(Unpooled.EMPTY_BUFFER);
    if (!drops) {
      sent.addListener(ChannelFutureListener.CLOSE);
    } else if (context.channel() instanceof SocketChannel socket) {
      sent.addListener(
          done -> {
            socket.shutdownOutput();
            lingers = true;
            await(context, LINGER_SECONDS);
          });
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.cancel(false);
    if (call != null) {
      call.gone().complete(null);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A connection that broke, or one whose bytes cannot be told apart any more.
    context.close();
  }
}
