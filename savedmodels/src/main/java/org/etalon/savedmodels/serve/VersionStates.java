package org.etalon.savedmodels.serve;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.etalon.savedmodels.proto.ModelVersionStatus;
import org.etalon.savedmodels.proto.ModelVersionStatus.State;
import org.etalon.savedmodels.proto.StatusProto;
import org.tensorflow.proto.error.Code;

/** What became of each version, as clients are told. */
final class VersionStates {
  private final ConcurrentSkipListMap<Long, ModelVersionStatus> states =
      new ConcurrentSkipListMap<>();

  /** A version is in a state that is no fault. */
  void set(long version, State state) {
    set(version, state, Code.OK, "");
  }

  /** A version could not be loaded. */
  void failed(long version, String message) {
    set(version, State.END, Code.DATA_LOSS, message);
  }

  private void set(long version, State state, Code code, String message) {
    states.put(
        version,
        ModelVersionStatus.newBuilder()
            .setVersion(version)
            .setState(state)
            .setStatus(StatusProto.newBuilder().setErrorCode(code).setErrorMessage(message))
            .build());
  }

  /** All of them, the newest first. */
  List<ModelVersionStatus> all() {
    return List.copyOf(states.descendingMap().values());
  }

  Optional<ModelVersionStatus> of(long version) {
    return Optional.ofNullable(states.get(version));
  }
}
