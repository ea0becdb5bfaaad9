package org.etalon.savedmodels.client;

import java.time.Duration;
import java.util.List;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;

/** One server, asked once. */
interface Transport extends AutoCloseable {
  /**
   * Generates.
   *
   * @throws ServerException if it does not answer in time, or refuses
   */
  List<Answer> generate(List<Ask> asks, Duration timeout);

  /**
   * Log-probabilities of texts, one fewer than tokens, nats.
   *
   * @throws ServerException if it does not answer in time, or refuses
   */
  List<float[]> score(List<int[]> texts, Duration timeout);

  @Override
  void close();
}
