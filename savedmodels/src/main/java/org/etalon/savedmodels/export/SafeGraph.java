package org.etalon.savedmodels.export;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.etalon.data.DataException;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;

/**
 * Refuses a SavedModel that reaches outside itself. A graph is a program: one that came from
 * somewhere else could read and write files, talk to other machines or call into a host program
 * when it is run, or already when it is loaded.
 *
 * <p>Our choice: of the operations that TensorFlow marks as stateful only those below may occur,
 * because files, sockets, queues, host callbacks and state that outlives a request all hide there;
 * of the others, those go that TensorFlow does not mark although they do such things. RestoreV2 may
 * read the weights, from where the loader says, and nothing else. An operation that TensorFlow does
 * not know is refused too.
 */
final class SafeGraph {
  /** The stateful operations of a served model: its variables, scratch memory, control flow. */
  static final ImmutableSet<String> STATEFUL =
      ImmutableSet.of(
          "AssignVariableOp",
          "Case",
          "Empty",
          "If",
          "ReadVariableOp",
          "RestoreV2",
          "StatefulPartitionedCall",
          "VarHandleOp",
          "VarIsInitializedOp",
          "VariableShape",
          "While");

  /**
   * Operations that are not marked and yet open files (protobuf descriptors, tables, data sets,
   * debugging's dumps), call Python or native code by name, end the process, or gather requests.
   */
  private static final Pattern REACHES_OUT =
      Pattern.compile(
          ".*(Dataset|PyFunc|Reader|CustomCall|FromTextFile|Queue|TPU|Tpu).*"
              + "|(ReadFile|MatchingFiles|Sharded|TfLite|DTensor|Mlir|Debug).*"
              + "|(Encode|Decode)Proto.*|Copy(Host)?|Abort|(Unb|B)atch(Function|Grad)?|CustomAggregator"
              + "|GenerateVocabRemapping|ImmutableConst");

  private static final ImmutableMap<String, OpDef> REGISTERED = registered();

  private SafeGraph() {}

  private static ImmutableMap<String, OpDef> registered() {
    ImmutableMap.Builder<String, OpDef> ops = ImmutableMap.builder();
    TensorFlow.registeredOpList().getOpList().forEach(op -> ops.put(op.getName(), op));
    return ops.buildOrThrow();
  }

  /**
   * Checks every node and function of a SavedModel.
   *
   * @throws DataException naming the file and the operation
   */
  static void check(Path file) {
    check(file, SavedModelFile.read(file));
  }

  /** The same of a file that was read before. */
  static void check(Path file, SavedModel model) {
    model.getMetaGraphsList().stream()
        .map(SafeGraph::refused)
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            complaint -> {
              throw new DataException(
                  file + ": " + complaint + "; export the model with etalon export");
            });
  }

  /** What of a graph reaches outside, or nothing. */
  static Optional<String> refused(MetaGraphDef meta) {
    GraphDef graph = meta.getGraphDef();
    Set<String> functions = new HashSet<>();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      String name = function.getSignature().getName();
      if (REGISTERED.containsKey(name)) {
        return Optional.of("function " + name + " takes the name of an operation");
      }
      functions.add(name);
    }
    String prefix = meta.getSaverDef().getFilenameTensorName().replaceFirst(":0$", "");
    for (NodeDef node : graph.getNodeList()) {
      if (!accepted(node.getOp(), functions) || (restores(node) && !readsFrom(prefix, node))) {
        return Optional.of(complaint(node));
      }
    }
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      for (NodeDef node : function.getNodeDefList()) {
        if (!accepted(node.getOp(), functions) || restores(node)) {
          return Optional.of(complaint(node));
        }
      }
    }
    return Optional.empty();
  }

  private static String complaint(NodeDef node) {
    return "node "
        + node.getName()
        + " is a "
        + node.getOp()
        + ", which reaches outside the model or is unknown";
  }

  private static boolean restores(NodeDef node) {
    return node.getOp().equals("RestoreV2");
  }

  private static boolean readsFrom(String prefix, NodeDef node) {
    return node.getInputCount() > 0
        && !prefix.isEmpty()
        && node.getInput(0).replaceFirst(":0$", "").equals(prefix);
  }

  private static boolean accepted(String op, Set<String> functions) {
    return functions.contains(op) || acceptedOp(op);
  }

  /** Whether a graph may hold an operation. */
  static boolean acceptedOp(String op) {
    OpDef known = REGISTERED.get(op);
    if (known == null) {
      return false;
    }
    return known.getIsStateful() ? STATEFUL.contains(op) : !REACHES_OUT.matcher(op).matches();
  }
}
