package org.etalon.training.mgpo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.etalon.data.DataException;
import org.etalon.training.run.AtomicFiles;

/** Groups that a checkpoint carries to the next step, one JSON line each. */
final class CarriedGroups {
  /** Name of the file within a checkpoint. */
  static final String FILE = "carried.jsonl";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CarriedGroups() {}

  /** A group without what the problem itself gives. */
  record Line(String id, long since, int limit, List<Draft> drafts) {}

  static void write(Path file, List<OpenGroup> groups) {
    AtomicFiles.write(
        file,
        out -> {
          for (OpenGroup group : groups) {
            Line line =
                new Line(group.problem().id(), group.since(), group.limit(), group.drafts());
            out.write(JSON.writeValueAsBytes(line));
            out.write('\n');
          }
        });
  }

  /**
   * The groups of a file, without responses, and their drafts.
   *
   * @param begin begins the group of a line anew
   */
  static List<OpenGroup> read(Path file, Function<Line, OpenGroup> begin) {
    List<OpenGroup> groups = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        groups.add(begin.apply(JSON.readValue(text, Line.class)));
      }
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage(), e);
    }
    return groups;
  }
}
