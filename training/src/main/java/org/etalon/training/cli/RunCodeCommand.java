package org.etalon.training.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.etalon.data.DataException;
import org.etalon.data.grade.code.CodeVerdict;
import org.etalon.data.grade.code.RunCodeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs generated programs on their tests, in a sandbox. */
@Command(
    name = "run-code",
    description = {
      "Runs Python programs on their tests, in a sandbox. Input, one JSON object a line:",
      "{\"id\", \"response\" | \"code\", \"kind\": \"stdin\" | \"functional\", \"func_name\",",
      "\"tests\": [{\"input\", \"output\"}], \"seconds\", \"memory_mb\"}. Of a response the last fenced",
      "block is run. func_name is for functional ones; each line of an input is then an argument in",
      "JSON. seconds (default 6) and memory_mb (default 1024) limit each test.",
      "Output, in the same order: {\"id\", \"verdict\", \"failed_test\", \"seconds\", \"memory_mb\",",
      "\"message\"}. Verdicts: OK; WA wrong answer; RE runtime error, also out of memory; SG ended by",
      "a signal, also for too much output; TO out of time; XX the sandbox itself failed. failed_test",
      "counts from 0; seconds and memory_mb are those of the largest test."
    })
final class RunCodeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--input", required = true, paramLabel = "FILE", description = "Programs.")
  private Path input;

  @Option(names = "--output", required = true, paramLabel = "FILE", description = "Verdicts.")
  private Path output;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Programs that run at once; default: one a core.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(names = "--force", description = "Replaces an output file that exists.")
  private boolean force;

  @Override
  public Integer call() {
    if (!force && Files.exists(output)) {
      throw new DataException(output + ": already exists; add --force or choose another --output");
    }
    if (workers < 1) {
      throw new DataException("--workers: expected at least 1, got " + workers);
    }
    Map<CodeVerdict, Integer> counts = RunCodeFile.run(input, output, workers);
    var out = spec.commandLine().getOut();
    out.println(
        Arrays.stream(CodeVerdict.values())
            .filter(counts::containsKey)
            .map(verdict -> verdict + " " + counts.get(verdict))
            .collect(Collectors.joining(", ")));
    out.flush();
    return 0;
  }
}
