package org.etalon.savedmodels.folder;

import java.util.Optional;
import org.etalon.savedmodels.safetensors.Dtype;

/**
 * How a model folder is written.
 *
 * @param dtype how weights are stored; empty: as they were in the origin, float32 without one
 * @param shardBytes most bytes of weights in one file; a larger tensor has a file of its own
 * @param origin the folder the model was read from, whose other configuration is kept
 * @param card the model card
 */
public record ExportOptions(
    Optional<Dtype> dtype, long shardBytes, Optional<Origin> origin, Optional<ModelCard> card) {
  /** As Hugging Face transformers has it. */
  public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

  public ExportOptions {
    if (shardBytes < 1) {
      throw new IllegalArgumentException("shardBytes must be at least 1, got " + shardBytes);
    }
  }

  /** Files of at most 5 GB, no origin, no card. */
  public static ExportOptions defaults() {
    return new ExportOptions(
        Optional.empty(), DEFAULT_SHARD_BYTES, Optional.empty(), Optional.empty());
  }

  public ExportOptions withDtype(Dtype chosen) {
    return new ExportOptions(Optional.of(chosen), shardBytes, origin, card);
  }

  public ExportOptions withShardBytes(long most) {
    return new ExportOptions(dtype, most, origin, card);
  }

  public ExportOptions withOrigin(Origin source) {
    return new ExportOptions(dtype, shardBytes, Optional.of(source), card);
  }

  public ExportOptions withCard(ModelCard written) {
    return new ExportOptions(dtype, shardBytes, origin, Optional.of(written));
  }

  Dtype dtype(String weight) {
    return dtype.orElseGet(
        () -> origin.map(o -> o.dtypes().getOrDefault(weight, Dtype.F32)).orElse(Dtype.F32));
  }
}
