package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** The list of refused operations, held against all that this TensorFlow has. */
class SafeGraphTest {
  /** Arguments that name a file, a place on the network or a host function. */
  private static final Pattern NAMES_THE_OUTSIDE =
      Pattern.compile(
          ".*(file|path|prefix|region_name|descriptor_source|_urls?|address|token|protocol"
              + "|logdir|directory).*");

  /** Arguments that only sound so. */
  private static final List<String> INNOCENT =
      List.of("CTCBeamSearchDecoder", "XlaSparseDenseMatmul.*", "RestoreV2");

  private static Stream<String> arguments(OpDef op) {
    return Stream.concat(
        op.getInputArgList().stream().map(OpDef.ArgDef::getName),
        op.getAttrList().stream().map(OpDef.AttrDef::getName));
  }

  @Test
  void everyOperationThatNamesFilesOrAddressesIsRefused() {
    List<String> outside =
        TensorFlow.registeredOpList().getOpList().stream()
            .filter(op -> arguments(op).anyMatch(a -> NAMES_THE_OUTSIDE.matcher(a).matches()))
            .map(OpDef::getName)
            .filter(name -> INNOCENT.stream().noneMatch(name::matches))
            .toList();
    assertTrue(outside.size() > 60, outside.toString());
    assertEquals(List.of(), outside.stream().filter(SafeGraph::acceptedOp).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ReadFile",
        "WriteFile",
        "MatchingFiles",
        "PyFunc",
        "PyFuncStateless",
        "EagerPyFunc",
        "Save",
        "SaveV2",
        "SaveSlices",
        "Restore",
        "RestoreSlice",
        "MergeV2Checkpoints",
        "ShardedFilename",
        "PrintV2",
        "Print",
        "TextLineDataset",
        "TFRecordDatasetV2",
        "FixedLengthRecordDataset",
        "SqlDataset",
        "SaveDataset",
        "LoadDataset",
        "SnapshotDatasetV2",
        "WholeFileReaderV2",
        "TFRecordReader",
        "InitializeTableFromTextFileV2",
        "ImmutableConst",
        "LoadAndRemapMatrix",
        "GenerateVocabRemapping",
        "DecodeProtoV2",
        "EncodeProto",
        "DebugIdentity",
        "DebugIdentityV3",
        "DumpTensor",
        "CreateSummaryFileWriter",
        "CreateSummaryDbWriter",
        "RpcClient",
        "RpcCall",
        "RpcServer",
        "DataServiceDatasetV4",
        "RemoteCall",
        "_Send",
        "_Recv",
        "CollectiveReduceV2",
        "XlaCustomCallV2",
        "XlaCallModule",
        "Abort",
        "BatchFunction",
        "FIFOQueueV2",
        "Stage",
        "MutableHashTableV2",
        "FileSystemSetConfiguration",
        "NoSuchOperation"
      })
  void whatReachesOutsideOrIsUnknownIsRefused(String op) {
    assertFalse(SafeGraph.acceptedOp(op));
    assertTrue(SafeGraph.refused(graph(node(op))).isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MatMul", "Softmax", "StatelessWhile", "While", "VarHandleOp", "Const"})
  void arithmeticVariablesAndLoopsAreNot(String op) {
    assertEquals(Optional.empty(), SafeGraph.refused(graph(node(op))));
  }

  @Test
  void statefulOperationsAreThoseOfTheList() {
    var accepted =
        TensorFlow.registeredOpList().getOpList().stream()
            .filter(OpDef::getIsStateful)
            .map(OpDef::getName)
            .filter(SafeGraph::acceptedOp)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(SafeGraph.STATEFUL), accepted);
  }

  private static NodeDef node(String op, String... inputs) {
    return NodeDef.newBuilder().setName("leak").setOp(op).addAllInput(List.of(inputs)).build();
  }

  private static MetaGraphDef graph(NodeDef... nodes) {
    MetaGraphDef.Builder meta = MetaGraphDef.newBuilder();
    meta.getSaverDefBuilder().setFilenameTensorName("prefix:0");
    meta.getGraphDefBuilder().addAllNode(List.of(nodes));
    return meta.build();
  }

  private static MetaGraphDef withFunction(String name, NodeDef inside, NodeDef... nodes) {
    MetaGraphDef.Builder meta = graph(nodes).toBuilder();
    FunctionDef.Builder function = FunctionDef.newBuilder().addNodeDef(inside);
    function.getSignatureBuilder().setName(name);
    meta.getGraphDefBuilder().getLibraryBuilder().addFunction(function);
    return meta.build();
  }

  @Test
  void onlyTheLoadersPathMayBeRestoredFrom() {
    assertEquals(
        Optional.empty(), SafeGraph.refused(graph(node("RestoreV2", "prefix", "names", "slices"))));
    assertTrue(SafeGraph.refused(graph(node("RestoreV2", "secret", "names"))).isPresent());
    assertTrue(SafeGraph.refused(graph(node("RestoreV2"))).isPresent());
    MetaGraphDef noSaver = graph(node("RestoreV2", "")).toBuilder().clearSaverDef().build();
    assertTrue(SafeGraph.refused(noSaver).isPresent());
    assertTrue(
        SafeGraph.refused(withFunction("f", node("RestoreV2", "prefix", "names"))).isPresent());
  }

  @Test
  void functionsAreLookedInto() {
    assertEquals(Optional.empty(), SafeGraph.refused(withFunction("f", node("Add"), node("f"))));
    assertTrue(SafeGraph.refused(withFunction("f", node("ReadFile"), node("f"))).isPresent());
    assertTrue(
        SafeGraph.refused(withFunction("ReadFile", node("Add"), node("ReadFile"))).isPresent(),
        "a function cannot lend its name to an operation");
  }
}
