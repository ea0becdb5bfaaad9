package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.ModelSpec;
import org.etalon.savedmodels.serve.Generation.Manner;

/**
 * OpenAI's interface: {@code POST /v1/completions}, {@code POST /v1/chat/completions}, {@code GET
 * /v1/models}. With {@code stream} the answer comes as server-sent events; a client that goes away
 * ends its rows.
 */
final class OpenAiHandler {
  private static final ImmutableSet<String> PLAIN = ImmutableSet.of("prompt");
  private static final ImmutableSet<String> CHAT =
      ImmutableSet.of("messages", "max_completion_tokens");

  /** Our choice: how many tokens may come after a stop text before it is seen. */
  private static final int STOP_PIECE = 32;

  private final ModelVersions versions;
  private final ServerMetrics metrics;
  private final ServerOptions options;

  OpenAiHandler(ModelVersions versions, ServerMetrics metrics, ServerOptions options) {
    this.versions = versions;
    this.metrics = metrics;
    this.options = options;
  }

  /** Answers if the path is one of these; false otherwise. */
  boolean handle(HttpCall call) throws IOException {
    switch (call.path()) {
      case "/v1/models" -> models(call);
      case "/v1/completions" -> complete(call, false);
      case "/v1/chat/completions" -> complete(call, true);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void models(HttpCall call) throws IOException {
    ObjectNode body = Json.MAPPER.createObjectNode().put("object", "list");
    body.putArray("data")
        .addObject()
        .put("id", options.name())
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", "etalon");
    call.json(200, body);
  }

  private void complete(HttpCall call, boolean chat) throws IOException {
    long since = System.nanoTime();
    Status.Code code = Status.Code.OK;
    try {
      if (!call.method().equals("POST")) {
        throw ServingException.invalid("expected the method POST here");
      }
      JsonNode body = call.json();
      CompletionRequest asked = CompletionRequest.read(body, chat ? CHAT : PLAIN);
      Servable servable = versions.lease(ModelSpec.newBuilder().setName(asked.model()).build());
      try {
        List<int[]> prompts =
            chat
                ? CompletionPrompts.chat(body.path("messages"), servable)
                : CompletionPrompts.plain(body.path("prompt"), servable);
        List<Ask> asks = CompletionPrompts.asks(asked, prompts, chat, servable);
        answer(call, new Work(asked, servable, asks, prompts.size(), chat));
      } finally {
        servable.release();
      }
    } catch (RuntimeException e) {
      ServingException failure = Failures.of(e);
      code = failure.code();
      if (call.answered()) {
        call.abort();
      } else {
        call.json(failure.http(), error(failure));
      }
    } finally {
      metrics.answered(chat ? "chat completion" : "completion", code, since);
    }
  }

  /** A request on its way. */
  private record Work(
      CompletionRequest asked, Servable servable, List<Ask> asks, int prompts, boolean chat) {
    TextStream text() {
      return new TextStream(
          servable.loaded().tokenizer(), asked.stop(), servable.loaded().stopIds());
    }

    List<TextStream> texts() {
      List<TextStream> texts = new ArrayList<>();
      asks.forEach(ask -> texts.add(text()));
      return texts;
    }
  }

  private void answer(HttpCall call, Work work) throws IOException {
    CompletionForm form = CompletionForm.of(work.chat(), options.name());
    List<TextStream> texts = work.texts();
    if (work.asked().stream()) {
      stream(call, work, form, texts);
      return;
    }
    int window = work.servable().bounds().window();
    int usual = options.batching().pieceTokens();
    int tokens = work.asked().stop().isEmpty() ? usual : Math.min(STOP_PIECE, usual);
    CompletableFuture<List<Answer>> result =
        work.servable()
            .generated(
                work.asks(),
                Manner.unwatched(window, tokens),
                (row, piece) -> texts.get(row).add(piece.ids()));
    List<Answer> answers = call.await(result, options.limits().time());
    call.json(
        200,
        form.whole(
            work.asks(), answers, texts.stream().map(TextStream::text).toList(), work.prompts()));
  }

  private void stream(HttpCall call, Work work, CompletionForm form, List<TextStream> texts)
      throws IOException {
    EventQueue events = new EventQueue();
    CompletableFuture<List<Answer>> result =
        work.servable()
            .generated(
                work.asks(),
                Manner.watched(work.servable().bounds().window()),
                (row, piece) -> {
                  boolean goesOn = texts.get(row).add(piece.ids());
                  String more = texts.get(row).next();
                  if (!more.isEmpty()) {
                    events.add(form.more(row, more));
                  }
                  return goesOn;
                });
    Completion.then(result, (answers, error) -> events.close());
    Completion.then(call.gone(), (nothing, error) -> result.cancel(false));
    // Taken before the first byte: a full queue is still an ordinary error.
    try (var out = new EventStream(call)) {
      for (int i = 0; work.chat() && i < texts.size(); i++) {
        out.send(form.opening(i));
      }
      events.drain(out, options.limits().time());
      end(out, work, form, texts, result);
    } finally {
      result.cancel(false);
    }
  }

  private void end(
      EventStream out,
      Work work,
      CompletionForm form,
      List<TextStream> texts,
      CompletableFuture<List<Answer>> result)
      throws IOException {
    List<Answer> answers;
    try {
      answers = Completion.get(result, Duration.ofMillis(1));
    } catch (ServingException e) {
      out.send(error(e));
      return;
    }
    for (int i = 0; i < texts.size(); i++) {
      String rest = texts.get(i).rest();
      if (!rest.isEmpty()) {
        out.send(form.more(i, rest));
      }
      out.send(form.end(i, answers.get(i)));
    }
    if (work.asked().streamUsage()) {
      out.send(form.total(work.asks(), answers, work.prompts()));
    }
    out.done();
  }

  private static ObjectNode error(ServingException failure) {
    boolean clients = failure.http() < 500;
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.putObject("error")
        .put("message", failure.getMessage())
        .put("type", clients ? "invalid_request_error" : "server_error")
        .putNull("param")
        .put("code", failure.http() == 404 ? "model_not_found" : null);
    return body;
  }
}
