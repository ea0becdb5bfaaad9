package org.etalon.graph.program;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.Cast;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * A program's weights, and a trainer's moments, as a TensorFlow TensorBundle: {@code PREFIX.index}
 * and {@code PREFIX.data-00000-of-00001}. Weights have their Hugging Face names; the moments have
 * those names behind {@code first_moment/} and {@code second_moment/}. Values pass from variables
 * to the file and back without a copy in Java.
 */
public final class Bundle {
  private final Program program;
  private final Placeholder<TString> prefix;
  private final Op save;
  private final List<Op> restore = new ArrayList<>();

  /**
   * @param inFile the type of a variable in the file
   */
  private Bundle(
      Program program,
      ImmutableMap<String, Variables> sets,
      Function<Variables.Variable, Class<? extends TFloating>> inFile) {
    this.program = program;
    Ops tf = program.ops().withSubScope("bundle");
    prefix = tf.placeholder(TString.class);
    List<String> names = new ArrayList<>();
    List<Operand<?>> values = new ArrayList<>();
    List<Variables.Variable> variables = new ArrayList<>();
    List<Class<? extends TType>> types = new ArrayList<>();
    sets.forEach(
        (group, set) -> {
          for (Variables.Variable variable : set.all()) {
            names.add(group + variable.spec().name());
            Operand<?> value = tf.readVariableOp(variable.handle(), variable.type());
            values.add(Cast.to(tf, value, inFile.apply(variable)));
            variables.add(variable);
            types.add(inFile.apply(variable));
          }
        });
    var keys = tf.array(names.toArray(String[]::new));
    var whole = tf.array(Collections.nCopies(names.size(), "").toArray(String[]::new));
    save = tf.train.save(prefix, keys, whole, values);
    var restored = tf.train.restore(prefix, keys, whole, types).tensors();
    for (int i = 0; i < names.size(); i++) {
      Variables.Variable variable = variables.get(i);
      restore.add(
          tf.assignVariableOp(variable.handle(), Cast.to(tf, restored.get(i), variable.type())));
    }
  }

  /** The weights alone. */
  public static Bundle of(Program program) {
    return new Bundle(program, ImmutableMap.of("", program.weights()), Variables.Variable::type);
  }

  /** The weights alone, in the file with matrices of another type. */
  public static Bundle of(Program program, WeightType inFile) {
    return new Bundle(
        program, ImmutableMap.of("", program.weights()), variable -> inFile.of(variable.spec()));
  }

  /** The weights with a trainer's moments: all that training needs to go on. */
  public static Bundle of(Trainer trainer) {
    Trainer.Moments moments = trainer.moments();
    return new Bundle(
        trainer.program(),
        ImmutableMap.of(
            "", trainer.program().weights(),
            "first_moment/", moments.first(),
            "second_moment/", moments.second()),
        Variables.Variable::type);
  }

  /** Writes the files of {@code path}, a prefix. */
  public void save(Path path) {
    program.run(
        Map.of(prefix, TString.scalarOf(path.toString())),
        List.of(),
        List.of(save),
        result -> null);
  }

  /** Overwrites the variables with those of {@code path}, a prefix; names and shapes must match. */
  public void restore(Path path) {
    program.write(Map.of(prefix, TString.scalarOf(path.toString())), restore);
  }
}
