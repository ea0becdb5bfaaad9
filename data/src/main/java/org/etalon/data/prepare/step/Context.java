package org.etalon.data.prepare.step;

import java.nio.file.Path;
import java.util.function.Function;
import org.etalon.data.grade.Grader;
import org.etalon.data.problem.Kind;
import org.etalon.data.text.Tokenizer;

/**
 * What steps need from outside.
 *
 * @param graders the grader of each kind; throws a {@link org.etalon.data.DataException} that says
 *     what is missing for a kind that cannot be graded
 * @param tokenizers opens a tokenizer: the path of its folder or file, or {@code builtin}; it stays
 *     the caller's to close
 * @param seed of all choices
 * @param base the folder that relative paths start from
 */
public record Context(
    Function<Kind, Grader> graders, Function<String, Tokenizer> tokenizers, long seed, Path base) {
  /** The tokenizer that is built in, in the place of a path. */
  static final String BUILTIN = "builtin";

  /** The tokenizer that an option names. */
  Tokenizer tokenizer(String written) {
    return tokenizers.apply(written.equals(BUILTIN) ? BUILTIN : path(written).toString());
  }

  /** A path as options write it. */
  Path path(String written) {
    return base.resolve(written);
  }
}
