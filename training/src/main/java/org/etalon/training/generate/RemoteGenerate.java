package org.etalon.training.generate;

import com.google.common.collect.Lists;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.decode.GenerateGraph;
import org.etalon.graph.program.Sampling;
import org.etalon.savedmodels.client.ServerException;
import org.etalon.savedmodels.client.ServingClient;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.training.policy.Seeds;

/**
 * Responses of a model that is served elsewhere. A sample depends on its prompt, the seed and its
 * place in the input; its random numbers are not those of {@link Generate}, which has another key.
 */
public final class RemoteGenerate {
  private final ServingClient client;
  private final TokenizerFile tokenizer;
  private final Generate.Options options;
  private final int servers;

  /**
   * @param client of the servers; stays the caller's
   * @param tokenizer the model's; stays the caller's
   * @param servers how many requests are under way at once
   */
  public RemoteGenerate(
      ServingClient client, TokenizerFile tokenizer, Generate.Options options, int servers) {
    this.client = client;
    this.tokenizer = tokenizer;
    this.options = options;
    this.servers = servers;
  }

  /** One response that is wanted. */
  private record Wanted(Prompts.Prompt prompt, int sample, Ask ask) {}

  /**
   * Writes one JSON line per sample, in the order of the prompts: {@link SampleLine}.
   *
   * @throws DataException if no server answers, or one refuses
   */
  public void write(List<Prompts.Prompt> prompts, OutputStream out) throws IOException {
    Sampling sampling = options.sampling();
    List<Wanted> wanted = new ArrayList<>();
    for (Prompts.Prompt prompt : prompts) {
      for (int s = 0; s < options.samples(); s++) {
        Ask ask =
            new Ask(
                prompt.ids(),
                (float) sampling.temperature(),
                sampling.topK(),
                (float) sampling.topP(),
                Seeds.of(sampling.seed(), "generate", wanted.size()),
                options.maxNewTokens());
        wanted.add(new Wanted(prompt, s, ask));
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(servers);
    try {
      List<List<Wanted>> requests = Lists.partition(wanted, options.slots());
      List<Future<List<Answer>>> answers = new ArrayList<>();
      for (List<Wanted> request : requests) {
        List<Ask> asks = request.stream().map(Wanted::ask).toList();
        answers.add(threads.submit(() -> client.generate(asks)));
      }
      for (int i = 0; i < requests.size(); i++) {
        write(requests.get(i), await(answers.get(i)), out);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Answer> await(Future<List<Answer>> answers) {
    try {
      return answers.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted while waiting for a server", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ServerException failure) {
        throw new DataException(failure.getMessage() + "; check --server and the server's log", e);
      }
      throw new IllegalStateException("a request failed", e);
    }
  }

  private void write(List<Wanted> request, List<Answer> answers, OutputStream out)
      throws IOException {
    for (int i = 0; i < request.size(); i++) {
      Answer answer = answers.get(i);
      boolean stopped = answer.finishReason() == GenerateGraph.STOP;
      int text = answer.ids().length - (stopped ? 1 : 0);
      new SampleLine(
              request.get(i).prompt().id(),
              request.get(i).sample(),
              answer.ids(),
              tokenizer.decode(Arrays.copyOf(answer.ids(), text)),
              answer.logps(),
              stopped ? "stop" : "length")
          .write(out);
    }
  }
}
