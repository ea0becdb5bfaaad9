package org.etalon.savedmodels.serve;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Listens for HTTP, and has each request answered by a thread of its own. */
final class HttpFront implements AutoCloseable {
  /** Our choice: requests in progress; further ones wait. */
  private static final int THREADS = 256;

  private final Consumer<String> log;
  private final EventLoopGroup loops =
      new NioEventLoopGroup(2, new DefaultThreadFactory("http", true));
  private final ExecutorService threads = threads();
  private final AtomicInteger inProgress = new AtomicInteger();
  private final Channel listening;
  private volatile Answer answer;

  /** Answers requests. */
  @FunctionalInterface
  interface Answer {
    void to(HttpCall call) throws IOException;
  }

  /**
   * Takes a port; clients wait until {@link #start}.
   *
   * @param most bytes of a body
   * @param log told of clients that went away
   * @throws IOException if the port is not to be had
   */
  HttpFront(InetSocketAddress address, int most, Consumer<String> log) throws IOException {
    this.log = log;
    var initializer =
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            channel
                .pipeline()
                .addLast(new HttpServerCodec(), new HttpReader(most, HttpFront.this::take));
          }
        };
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(initializer)
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    this.listening = bound.channel();
  }

  private static ExecutorService threads() {
    var threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("rest", true));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** Begins to answer. */
  void start(Answer to) {
    answer = to;
    listening.config().setAutoRead(true);
  }

  /** Where it listens. */
  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /** Requests that came whole and are not answered yet. */
  int inProgress() {
    return inProgress.get();
  }

  private void take(HttpCall call) {
    inProgress.incrementAndGet();
    threads.execute(() -> answer(call));
  }

  private void answer(HttpCall call) {
    try {
      answer.to(call);
    } catch (IOException e) {
      log.accept("REST: a client went away (" + e.getMessage() + ")");
      call.abort();
    } catch (RuntimeException e) {
      log.accept("REST: a request failed: " + e);
      call.abort();
    } finally {
      inProgress.decrementAndGet();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
