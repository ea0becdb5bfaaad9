package org.etalon.savedmodels.export;

import com.google.common.collect.ImmutableSet;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

/**
 * Refuses a SavedModel that reaches outside itself. A graph is a program: one that came from
 * somewhere else could read and write files when it is run.
 */
final class SafeGraph {
  /** Our choice: operations on files, and those that call back into a host program. */
  private static final ImmutableSet<String> REFUSED =
      ImmutableSet.of(
          "EagerPyFunc",
          "MatchingFiles",
          "MergeV2Checkpoints",
          "PrintV2",
          "PyFunc",
          "PyFuncStateless",
          "ReadFile",
          "Save",
          "SaveSlices",
          "SaveV2",
          "ShardedFilename",
          "WriteFile");

  private SafeGraph() {}

  /**
   * Checks every node and function of a SavedModel.
   *
   * @throws DataException naming the file and the operation
   */
  static void check(Path file) {
    SavedModel model;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      model = SavedModel.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new DataException(file + ": not a SavedModel: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
    model.getMetaGraphsList().stream()
        .map(MetaGraphDef::getGraphDef)
        .flatMap(SafeGraph::nodes)
        .filter(node -> REFUSED.contains(node.getOp()))
        .findFirst()
        .ifPresent(
            node -> {
              throw new DataException(
                  file
                      + ": node "
                      + node.getName()
                      + " is a "
                      + node.getOp()
                      + ", which reaches outside the model; export the model with etalon export");
            });
  }

  private static Stream<NodeDef> nodes(GraphDef graph) {
    return Stream.concat(
        graph.getNodeList().stream(),
        graph.getLibrary().getFunctionList().stream()
            .flatMap(function -> function.getNodeDefList().stream()));
  }
}
