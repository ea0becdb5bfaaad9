package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.TokenizerFile;
import org.etalon.savedmodels.export.ServedModel;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.wire.Bounds;
import org.etalon.savedmodels.wire.ModelRequests;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;

/**
 * What is in a version folder. The creator closes.
 *
 * @param model the graph with its weights
 * @param signatures what it can be asked for
 * @param template of conversations; without one they cannot be had
 * @param padId fills rows that are thrown away
 * @param stopIds tokens that end a row
 */
record LoadedModel(
    ServedModel model,
    ImmutableMap<String, SignatureDef> signatures,
    TokenizerFile tokenizer,
    Optional<ChatTemplate> template,
    int padId,
    List<Integer> stopIds)
    implements AutoCloseable {
  private static final String EXTRA = "assets.extra";

  LoadedModel {
    stopIds = ImmutableList.copyOf(stopIds);
  }

  /**
   * Loads a version and runs its recorded requests, or a small one of each kind if it has none.
   *
   * @param xla whether the graph is loaded that XLA compiles
   * @throws DataException if it is no export of Etalon, damaged, or fails its first requests
   */
  static LoadedModel load(Path folder, boolean xla) {
    LoadedModel loaded = open(folder, xla);
    try {
      loaded.warmUp(WarmupFile.read(folder.resolve(EXTRA).resolve(WarmupFile.NAME)));
      return loaded;
    } catch (RuntimeException e) {
      loaded.close();
      throw new DataException(
          folder + ": its first requests fail (" + e.getMessage() + "); export the model again", e);
    }
  }

  private static LoadedModel open(Path folder, boolean xla) {
    TokenizerFile tokenizer = TokenizerFile.load(folder.resolve(EXTRA));
    try {
      Optional<ChatTemplate> template = ChatTemplate.find(tokenizer);
      ServedModel model = ServedModel.load(folder, xla);
      try {
        var signatures = signatures(folder.resolve("saved_model.pb"));
        JsonNode facts = facts(folder.resolve(EXTRA).resolve("model.json"));
        ImmutableList.Builder<Integer> stops = ImmutableList.builder();
        facts.path("stop_ids").forEach(id -> stops.add(id.asInt()));
        int padId = facts.path("pad_id").asInt();
        return new LoadedModel(model, signatures, tokenizer, template, padId, stops.build());
      } catch (RuntimeException e) {
        model.close();
        throw e;
      }
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static ImmutableMap<String, SignatureDef> signatures(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return ImmutableMap.copyOf(SavedModel.parseFrom(in).getMetaGraphs(0).getSignatureDefMap());
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }

  /** The facts that the loader has checked already. */
  private static JsonNode facts(Path file) {
    try {
      return Json.MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }

  private void warmUp(List<PredictRequest> requests) {
    // Wider than what clients may send: the file is the exporter's.
    Bounds wide =
        new Bounds(
            model.config().vocabulary(),
            model.config().maxPositions(),
            Integer.MAX_VALUE,
            Integer.MAX_VALUE);
    for (PredictRequest request : requests) {
      if (request.getModelSpec().getSignatureName().equals(ModelRequests.SCORE)) {
        model.score(ModelRequests.texts(request, wide));
      } else {
        model.generate(ModelRequests.asks(request, wide));
      }
    }
    if (requests.isEmpty()) {
      model.generate(List.of(Ask.greedy(new int[] {padId}, 1)));
      model.score(List.of(new int[] {padId, padId}));
    }
  }

  @Override
  public void close() {
    tokenizer.close();
    model.close();
  }
}
