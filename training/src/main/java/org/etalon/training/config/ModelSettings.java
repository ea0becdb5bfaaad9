package org.etalon.training.config;

/**
 * The start model: a folder, or the shape of a randomly initialised one. The shape keys are used
 * only where {@code from} is empty; a model folder brings its own, see {@code overridePositions}.
 *
 * @param from model folder in the Hugging Face layout, or empty
 * @param tokenizer folder with a {@code tokenizer.json}, or empty for the built-in vocabulary
 * @param hidden width of the residual stream
 * @param intermediate width of the feed-forward layer
 * @param layers number of blocks
 * @param heads query heads
 * @param kvHeads key/value heads; divides {@code heads}
 * @param headDim size of one head, even for rotary positions
 * @param ropeTheta rotary base
 * @param normEpsilon epsilon of RMSNorm
 * @param tieEmbeddings whether the output head shares the embedding
 * @param maxPositions longest document in tokens
 * @param overridePositions whether {@code ropeTheta} and {@code maxPositions} replace those of the
 *     model folder, to train it beyond its window
 * @param initRange standard deviation of the random initialisation
 */
public record ModelSettings(
    String from,
    String tokenizer,
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    double ropeTheta,
    double normEpsilon,
    boolean tieEmbeddings,
    int maxPositions,
    boolean overridePositions,
    double initRange) {
  public ModelSettings {
    Check.atLeast("model.hidden", "hidden size", hidden, 1);
    Check.atLeast("model.intermediate", "feed-forward size", intermediate, 1);
    Check.atLeast("model.layers", "number of layers", layers, 1);
    Check.atLeast("model.heads", "query heads", heads, 1);
    Check.atLeast("model.kvHeads", "key/value heads", kvHeads, 1);
    Check.that(
        heads % kvHeads == 0,
        "model.kvHeads",
        "key/value heads must divide the " + heads + " query heads, got " + kvHeads);
    Check.atLeast("model.headDim", "head size", headDim, 2);
    Check.that(headDim % 2 == 0, "model.headDim", "head size must be even, got " + headDim);
    Check.above("model.ropeTheta", "rotary base", ropeTheta, 1);
    Check.above("model.normEpsilon", "epsilon of RMSNorm", normEpsilon, 0);
    Check.atLeast("model.maxPositions", "longest document in tokens", maxPositions, 2);
    Check.above("model.initRange", "deviation of the initialisation", initRange, 0);
  }

  /** Whether training starts from a random initialisation. */
  public boolean startsAtRandom() {
    return from.isBlank();
  }
}
