package org.etalon.data.builtin;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.problem.Problem;

/**
 * Writes built-in problems as JSON lines, for the script that makes the built-in tokenizer.
 *
 * <p>Arguments: the output file, then the seed.
 */
final class BuiltinCorpus {
  private BuiltinCorpus() {}

  public static void main(String[] args) throws IOException {
    BuiltinSplits splits =
        BuiltinProblems.generate(
            new BuiltinSpec(
                BuiltinSet.MATHEMATICS, Long.parseLong(args[1]), 7200, 2400, 480, 960, 3, 3));
    ObjectMapper json = new ObjectMapper();
    List<Problem> all = new ArrayList<>(splits.sft());
    all.addAll(splits.rl());
    all.addAll(splits.probe());
    all.addAll(splits.test());
    try (BufferedWriter out = Files.newBufferedWriter(Path.of(args[0]))) {
      for (Problem problem : all) {
        out.write(json.writeValueAsString(problem));
        out.newLine();
      }
    }
  }
}
