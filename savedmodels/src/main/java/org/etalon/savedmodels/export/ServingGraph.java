package org.etalon.savedmodels.export;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.WeightType;
import org.etalon.graph.decode.GenerateGraph;
import org.etalon.graph.decode.ScoreGraph;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * The graph and signatures of an export, as the protobuf TensorFlow's loaders read.
 *
 * @param xla whether XLA must compile it; such a graph carries the tag xla too
 */
record ServingGraph(
    ModelConfig config, List<Integer> stopIds, int padId, WeightType weightType, boolean xla) {
  /** Signature that generates. */
  static final String GENERATE = "serving_default";

  /** Signature that gives log-probabilities. */
  static final String SCORE = "score";

  /** Tag of every graph. */
  static final String TAG = "serve";

  /** Second tag of a graph that XLA must compile. */
  static final String XLA_TAG = "xla";

  static final String METHOD = "tensorflow/serving/predict";

  private static final ImmutableSet<String> CONTROL =
      ImmutableSet.of("StatelessWhile", "While", "StatelessIf", "If");

  private static final long OPEN = Shape.UNKNOWN_SIZE;

  MetaGraphDef build() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Map<String, Operand<?>> weights = new HashMap<>();
      SaverDef saver = variables(tf, weights);
      MetaGraphDef.Builder meta =
          MetaGraphDef.newBuilder()
              .setSaverDef(saver)
              .putSignatureDef(GENERATE, generateSignature(tf, weights))
              .putSignatureDef(SCORE, scoreSignature(tf, weights));
      meta.getMetaInfoDefBuilder().addTags(TAG).setTensorflowVersion(TensorFlow.version());
      if (xla) {
        meta.getMetaInfoDefBuilder().addTags(XLA_TAG);
        return meta.setGraphDef(sorted(graph.toGraphDef().toBuilder())).build();
      }
      return meta.setGraphDef(sorted(lowered(graph.toGraphDef()))).build();
    }
  }

  /** Declares the weights and the nodes that read them from a TensorBundle. */
  private SaverDef variables(Ops tf, Map<String, Operand<?>> weights) {
    Placeholder<TString> prefix =
        tf.withName("saver_filename").placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    List<ParameterSpec> specs = config.parameters();
    var names = tf.array(specs.stream().map(ParameterSpec::name).toArray(String[]::new));
    var whole = tf.array(Collections.nCopies(specs.size(), "").toArray(String[]::new));
    List<Class<? extends TType>> types = new ArrayList<>();
    specs.forEach(spec -> types.add(weightType.of(spec)));
    var restored = tf.train.restore(prefix, names, whole, types).tensors();
    List<Op> assigns = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      ParameterSpec spec = specs.get(i);
      Operand<?> handle =
          tf.varHandleOp(types.get(i), spec.shape(), VarHandleOp.sharedName(spec.name()));
      assigns.add(tf.assignVariableOp(handle, restored.get(i)));
      weights.put(spec.name(), tf.readVariableOp(handle, types.get(i)));
    }
    tf.withControlDependencies(assigns).withName("saver_restore").noOp();
    return SaverDef.newBuilder()
        .setFilenameTensorName("saver_filename:0")
        // Nothing is ever saved from here, but Python's loader wants a tensor that would do it.
        .setSaveTensorName("saver_filename:0")
        .setRestoreOpName("saver_restore")
        .setVersion(SaverDef.CheckpointFormatVersion.V2)
        .build();
  }

  private SignatureDef generateSignature(Ops tf, Map<String, Operand<?>> weights) {
    var scope = tf.withSubScope("generate");
    var request =
        new GenerateGraph.Request(
            input(scope, TInt32.class, OPEN, OPEN),
            input(scope, TInt32.class, OPEN),
            input(scope, TFloat32.class, OPEN),
            input(scope, TInt32.class, OPEN),
            input(scope, TFloat32.class, OPEN),
            input(scope, TInt64.class, OPEN),
            input(scope, TInt32.class, OPEN));
    GenerateGraph.Generated out =
        xla
            ? new CompiledServing(config, stopIds, padId).generate(scope, weights, request)
            : new GenerateGraph(config, stopIds, padId).generate(scope, weights, request);
    return SignatureDef.newBuilder()
        .setMethodName(METHOD)
        .putInputs("ids", info(request.ids_BT()))
        .putInputs("lengths", info(request.length_B()))
        .putInputs("temperature", info(request.temperature_B()))
        .putInputs("top_k", info(request.topK_B()))
        .putInputs("top_p", info(request.topP_B()))
        .putInputs("seed", info(request.seed_B()))
        .putInputs("max_new_tokens", info(request.maxNew_B()))
        .putOutputs("ids", info(out.ids_BN()))
        .putOutputs("lengths", info(out.length_B()))
        .putOutputs("logprobs", info(out.logp_BN()))
        .putOutputs("finish_reason", info(out.finish_B()))
        .build();
  }

  private SignatureDef scoreSignature(Ops tf, Map<String, Operand<?>> weights) {
    var scope = tf.withSubScope("score");
    var ids_BT = input(scope, TInt32.class, OPEN, OPEN);
    var length_B = input(scope, TInt32.class, OPEN);
    Operand<TFloat32> logp_BT =
        xla
            ? new CompiledServing(config, stopIds, padId).score(scope, weights, ids_BT, length_B)
            : new ScoreGraph(config, ScoreGraph.CHUNK).apply(scope, weights, ids_BT, length_B);
    return SignatureDef.newBuilder()
        .setMethodName(METHOD)
        .putInputs("ids", info(ids_BT))
        .putInputs("lengths", info(length_B))
        .putOutputs("logprobs", info(logp_BT))
        .build();
  }

  private static <T extends TType> Placeholder<T> input(Ops tf, Class<T> type, long... shape) {
    return tf.placeholder(type, Placeholder.shape(Shape.of(shape)));
  }

  private static TensorInfo info(Operand<?> operand) {
    var output = operand.asOutput();
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : output.shape().asArray()) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorInfo.newBuilder()
        .setName(output.op().name() + ":" + output.index())
        .setDtype(DataType.forNumber(output.dataType().getNumber()))
        .setTensorShape(shape)
        .build();
  }

  /** Marks loops and choices to be run by the executor itself, as Python's exporter does. */
  private static GraphDef.Builder lowered(GraphDef graph) {
    GraphDef.Builder builder = graph.toBuilder();
    builder.getNodeBuilderList().forEach(ServingGraph::lower);
    for (FunctionDef.Builder function : builder.getLibraryBuilder().getFunctionBuilderList()) {
      function.getNodeDefBuilderList().forEach(ServingGraph::lower);
    }
    return builder;
  }

  /** A function's nodes come in any order and are sorted, so that equal models are equal files. */
  private static GraphDef sorted(GraphDef.Builder builder) {
    for (FunctionDef.Builder function : builder.getLibraryBuilder().getFunctionBuilderList()) {
      List<NodeDef> nodes = new ArrayList<>(function.getNodeDefList());
      nodes.sort(Comparator.comparing(NodeDef::getName));
      function.clearNodeDef().addAllNodeDef(nodes);
    }
    return builder.build();
  }

  private static void lower(NodeDef.Builder node) {
    if (CONTROL.contains(node.getOp())) {
      node.putAttr("_lower_using_switch_merge", AttrValue.newBuilder().setB(true).build());
    }
  }
}
