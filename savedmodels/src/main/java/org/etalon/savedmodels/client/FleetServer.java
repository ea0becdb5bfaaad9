package org.etalon.savedmodels.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;

/** One server of a fleet, asked once. */
interface FleetServer extends AutoCloseable {
  /** Host and port. */
  String address();

  /** Why it does not serve a version; empty if it does. */
  Optional<String> lacks(long version, Duration timeout);

  /**
   * Generates with one version.
   *
   * @throws ServerException if it does not answer in time, or refuses
   */
  List<Answer> generate(List<Ask> asks, long version, Duration timeout);

  @Override
  void close();
}
