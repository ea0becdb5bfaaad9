package org.etalon.savedmodels.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

/**
 * What a SavedModel is, as text: tags, signatures with the type and shape of every input and
 * output, operations, files, and, where Etalon wrote it, the facts beside it. Nothing is run, and
 * any SavedModel can be described, one that would not be loaded too.
 */
public final class Description {
  private static final int WIDTH = 100;

  private final StringBuilder text = new StringBuilder();

  private Description() {}

  /**
   * Describes a version folder, or the newest version of a model's folder.
   *
   * @throws DataException if there is no SavedModel, or it cannot be read
   */
  public static String of(Path folder) {
    Path version = version(folder);
    Path file = version.resolve(SavedModelFile.NAME);
    SavedModel model = SavedModelFile.read(file);
    Description d = new Description();
    d.line(0, "SavedModel " + version + ", schema " + model.getSavedModelSchemaVersion());
    model.getMetaGraphsList().forEach(d::graph);
    d.files(version);
    d.facts(version);
    return d.text.toString();
  }

  private static Path version(Path folder) {
    if (Files.isRegularFile(folder.resolve(SavedModelFile.NAME))) {
      return folder;
    }
    return new VersionFolders(folder)
        .newest()
        .filter(newest -> Files.isRegularFile(newest.resolve(SavedModelFile.NAME)))
        .orElseThrow(
            () ->
                new DataException(
                    folder
                        + ": holds no "
                        + SavedModelFile.NAME
                        + " and no version folder; name a folder that etalon export wrote"));
  }

  private void graph(MetaGraphDef meta) {
    line(0, "");
    line(0, "graph with the tags " + String.join(", ", meta.getMetaInfoDef().getTagsList()));
    SignatureFacts.of(meta).forEach(this::signature);
    Collection<Long> counts = operations(meta.getGraphDef()).values();
    line(
        1,
        "operations: %d of %d kinds, in %d functions and outside; %,d bytes"
            .formatted(
                counts.stream().mapToLong(Long::longValue).sum(),
                counts.size(),
                meta.getGraphDef().getLibrary().getFunctionCount(),
                meta.getGraphDef().getSerializedSize()));
    wrapped(
        operations(meta.getGraphDef()).entrySet().stream()
            .map(op -> op.getKey() + " " + op.getValue())
            .toList());
    line(1, "written by TensorFlow " + meta.getMetaInfoDef().getTensorflowVersion());
    line(1, SafeGraph.refused(meta).map(why -> "REFUSED: " + why).orElse("accepted: stays inside"));
  }

  private void signature(String name, SignatureFacts signature) {
    line(1, "signature " + name + ", method " + signature.method());
    signature.inputs().forEach((key, value) -> line(2, "in  " + key + ": " + value));
    signature.outputs().forEach((key, value) -> line(2, "out " + key + ": " + value));
  }

  private static Map<String, Long> operations(GraphDef graph) {
    return Stream.concat(
            graph.getNodeList().stream(),
            graph.getLibrary().getFunctionList().stream().flatMap(f -> f.getNodeDefList().stream()))
        .collect(Collectors.groupingBy(NodeDef::getOp, TreeMap::new, Collectors.counting()));
  }

  private void files(Path version) {
    line(0, "");
    line(0, "files");
    try (Stream<Path> walk = Files.walk(version)) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        line(1, "%,15d  %s".formatted(Files.size(file), version.relativize(file)));
      }
    } catch (IOException e) {
      throw new DataException(version + ": cannot be read (" + e + ")", e);
    }
  }

  private void facts(Path version) {
    line(0, "");
    if (!Files.exists(version.resolve(ExportFacts.FILE))) {
      line(0, "no " + ExportFacts.FILE + ": not written by etalon export");
      return;
    }
    ExportFacts facts = ExportFacts.read(version);
    line(0, "facts, of " + ExportFacts.FILE);
    line(1, "model: " + facts.config());
    line(1, "weights: " + facts.weightType().name().toLowerCase(Locale.ROOT));
    line(1, "stop ids: " + facts.stopIds() + ", pad id: " + facts.padId());
    for (int code = 0; code < facts.finishReasons().size(); code++) {
      line(1, "finish_reason " + code + ": " + facts.finishReasons().get(code));
    }
    line(1, "most tokens of a prompt and its response: " + facts.limits().positions());
    line(1, "rows that a server's batch holds: " + facts.limits().batch());
    facts.facts().forEach((name, value) -> line(1, name + ": " + json(value)));
  }

  private static String json(Object value) {
    try {
      return ExportFacts.JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a fact that was read cannot be written", e);
    }
  }

  private void wrapped(List<String> words) {
    List<String> row = new ArrayList<>();
    int width = 0;
    for (String word : words) {
      if (width + word.length() > WIDTH) {
        line(2, String.join(", ", row) + ",");
        row.clear();
        width = 0;
      }
      row.add(word);
      width += word.length() + 2;
    }
    line(2, String.join(", ", row));
  }

  private void line(int depth, String words) {
    text.append("  ".repeat(depth)).append(words).append('\n');
  }
}
