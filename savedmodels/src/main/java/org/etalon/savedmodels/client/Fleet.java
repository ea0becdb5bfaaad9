package org.etalon.savedmodels.client;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.etalon.data.DataException;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;

/**
 * Servers that work together on many rows, over gRPC. Each takes as many as it can manage: fast
 * ones take more. A server joins as soon as it says that it serves the wanted version, so that one
 * that is down or slow to load keeps nobody waiting; what a server fails to answer goes to the
 * others. The tokens of a row do not depend on which servers drew it.
 */
public final class Fleet implements AutoCloseable {
  private static final long TICK_MILLIS = 50;

  private final List<FleetServer> servers;
  private final Options options;
  private final Consumer<String> log;

  /**
   * How servers are asked.
   *
   * @param rows most rows of a request
   * @param requests requests under way at once to each server
   * @param pieceTokens most tokens that a request asks for a row; longer answers come in pieces, of
   *     which only the last is lost with a server
   * @param timeout of each request
   * @param patience how long all servers together may serve nothing before the call fails
   */
  public record Options(
      int rows, int requests, int pieceTokens, Duration timeout, Duration patience) {
    public Options {
      if (rows < 1 || requests < 1 || pieceTokens < 1) {
        throw new IllegalArgumentException(
            "rows, requests and tokens of a piece are at least 1, got %d, %d and %d"
                .formatted(rows, requests, pieceTokens));
      }
    }
  }

  /**
   * What servers drew.
   *
   * @param answers in the order of the rows
   * @param servers how many of the fleet answered
   * @param requests sent
   * @param failures requests that failed, and whose rows were asked again
   */
  public record Outcome(List<Answer> answers, int servers, int requests, int failures) {
    public Outcome {
      answers = List.copyOf(answers);
    }
  }

  Fleet(List<FleetServer> servers, Options options, Consumer<String> log) {
    this.servers = List.copyOf(servers);
    this.options = options;
    this.log = log;
  }

  /**
   * A fleet of some addresses; nothing is sent yet.
   *
   * @param addresses {@code HOST:PORT}, at least one
   * @param model its name there
   * @param log told of servers that fail, one line each
   * @throws DataException if there is no address
   */
  public static Fleet connect(
      List<String> addresses, String model, Options options, Consumer<String> log) {
    if (addresses.isEmpty()) {
      throw new DataException("a fleet needs the address of a server: HOST:PORT");
    }
    List<FleetServer> servers =
        addresses.stream().<FleetServer>map(address -> new GrpcTransport(address, model)).toList();
    return new Fleet(servers, options, log);
  }

  /**
   * Generates with one version of the model, from whichever servers serve it.
   *
   * @param progress told the tokens drawn so far
   * @throws ServerException if a server says that a row is wrong, or none serves the version for
   *     longer than the patience; the message names every server and its reason
   */
  public Outcome generate(List<Ask> asks, long version, LongConsumer progress) {
    FleetCall call = new FleetCall(asks, options, servers.size());
    List<FleetMember> members =
        servers.stream().map(server -> new FleetMember(server, version, log)).toList();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            servers.size() * options.requests(),
            new ThreadFactoryBuilder().setNameFormat("fleet-%d").setDaemon(true).build());
    try {
      for (int i = 0; i < options.requests(); i++) {
        members.forEach(member -> threads.execute(() -> work(member, call)));
      }
      while (!call.over()) {
        call.await(TICK_MILLIS);
        progress.accept(call.tokens());
        if (call.stalled()) {
          call.fail(silence(members, version));
        }
      }
      members.forEach(this::tellAbsence);
      return call.outcome();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("fleet", Status.Code.CANCELLED, "interrupted", e);
    } finally {
      stop(threads);
    }
  }

  /** Takes and asks rows until the call is over. */
  private void work(FleetMember member, FleetCall call) {
    try {
      while (!call.over()) {
        member.awaitServing();
        List<Integer> rows = call.take();
        if (!rows.isEmpty()) {
          ask(member, call, rows);
        }
      }
    } catch (InterruptedException e) {
      // The call is over.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      call.fail(e);
    }
  }

  private void ask(FleetMember member, FleetCall call, List<Integer> rows) {
    try {
      List<Answer> pieces = member.generate(call.asks(rows), options.timeout());
      call.give(rows, pieces, member.address());
      member.answered();
    } catch (ServerException e) {
      if (e.isRefusal()) {
        call.fail(e);
      } else if (!call.over()) {
        call.giveBack(rows);
        member.failed(e, rows.size());
      }
    }
  }

  private ServerException silence(List<FleetMember> members, long version) {
    String reasons =
        members.stream()
            .map(m -> m.address() + " (" + m.reason().orElse("does not answer") + ")")
            .collect(Collectors.joining(", "));
    return new ServerException(
        "fleet",
        Status.Code.UNAVAILABLE,
        "no server answers with version %d: %s".formatted(version, reasons),
        null);
  }

  private void tellAbsence(FleetMember member) {
    member.reason().ifPresent(reason -> log.accept(member.address() + " is left out: " + reason));
  }

  /** What is still under way is nobody's. */
  private static void stop(ExecutorService threads) {
    threads.shutdownNow();
    try {
      threads.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    servers.forEach(FleetServer::close);
  }
}
