package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Segments of a computation in the order they were built, and their gradients in reverse. A
 * segment's backward pass starts from its inputs alone: what lies between is kept, built again, or
 * given by a formula of the segment's own.
 *
 * <p>TensorFlow's own gradients differentiate within a segment, never across two, so a segment can
 * hold what they do not know, such as a loop or a compiled function.
 */
public final class Tape {
  /** What a stretch of several segments computes from its inputs, on a tape that takes them. */
  @FunctionalInterface
  public interface Stretch {
    List<Operand<?>> build(Ops tf, Tape tape, List<Operand<?>> inputs);
  }

  /** Gradients by a segment's inputs, from those by its outputs that something else reads. */
  @FunctionalInterface
  public interface Backward {
    List<? extends Operand<?>> build(
        Ops tf, List<Operand<?>> inputs, List<Operand<?>> outputs, List<Operand<?>> dOutputs);
  }

  /**
   * Keeps what is computed again apart from what was computed before: the executor must not run it
   * early, and no optimiser may find that both are the same.
   */
  @FunctionalInterface
  public interface Barrier {
    /** The same values, available once {@code after} are. */
    List<Operand<?>> apply(Ops tf, List<Operand<?>> values, List<Operand<?>> after);
  }

  /** Adds a segment's share to the gradients. */
  @FunctionalInterface
  private interface Step {
    void run(Ops tf, Sums gradients);
  }

  private final Recompute recompute;
  private final Barrier barrier;
  private final Optional<Fusion> fusion;
  private final boolean records;
  private final List<Step> steps = new ArrayList<>();

  private Tape(Recompute recompute, Barrier barrier, Optional<Fusion> fusion, boolean records) {
    this.recompute = recompute;
    this.barrier = barrier;
    this.fusion = fusion;
    this.records = records;
  }

  /** A tape that records segments for their gradients. */
  public static Tape of(Recompute recompute, Barrier barrier, Optional<Fusion> fusion) {
    return new Tape(recompute, barrier, fusion, true);
  }

  /** A tape that records nothing, for where no gradient is wanted. */
  public static Tape forward(Optional<Fusion> fusion) {
    return new Tape(Recompute.NONE, null, fusion, false);
  }

  /**
   * Adds a segment that TensorFlow can differentiate: a piece between products, compiled where the
   * tape has a fusion.
   *
   * @param name see {@link Fusion#call}
   * @param inputs what has gradients
   * @param constants what has none; the body gets them behind the inputs
   */
  public List<Operand<?>> piece(
      Ops tf,
      String name,
      List<Operand<?>> inputs,
      List<? extends Operand<?>> constants,
      Fusion.Body body) {
    if (fusion.isPresent()) {
      return compiled(tf, name, inputs, constants, body);
    }
    if (!records) {
      return List.copyOf(body.build(tf, join(inputs, constants)));
    }
    // TensorFlow's gradients end here: one input may have been computed from another.
    List<Operand<?>> starts = new ArrayList<>();
    inputs.forEach(input -> starts.add(tf.stopGradient(input)));
    List<Operand<?>> outputs = List.copyOf(body.build(tf, join(starts, constants)));
    steps.add(
        (back, gradients) ->
            gradients.add(
                inputs, differentiate(back, outputs, starts, gradients.of(back, outputs))));
    return outputs;
  }

  /** The backward pass is compiled too; what the body computes within, it computes again. */
  private List<Operand<?>> compiled(
      Ops tf,
      String name,
      List<Operand<?>> inputs,
      List<? extends Operand<?>> constants,
      Fusion.Body body) {
    Fusion compiler = fusion.orElseThrow();
    List<Operand<?>> all = join(inputs, constants);
    List<Operand<?>> outputs = compiler.call(tf, name, all, body);
    if (records) {
      steps.add(
          (back, gradients) -> {
            List<List<Operand<?>>> parts = outputs.stream().map(gradients::parts).toList();
            List<Operand<?>> in = new ArrayList<>(all);
            parts.forEach(in::addAll);
            var sizes = parts.stream().map(List::size).toList();
            gradients.add(
                inputs,
                compiler.call(
                    back,
                    name + "_back_" + sizes,
                    in,
                    (ops, x) -> {
                      var again = body.build(ops, x.subList(0, all.size()));
                      List<Operand<?>> d = new ArrayList<>();
                      int at = all.size();
                      for (int i = 0; i < again.size(); i++) {
                        d.add(Sums.sum(ops, x.subList(at, at + sizes.get(i)), again.get(i)));
                        at += sizes.get(i);
                      }
                      return differentiate(ops, again, x.subList(0, inputs.size()), d);
                    }));
          });
    }
    return outputs;
  }

  private static List<Operand<?>> differentiate(
      Ops tf,
      List<? extends Operand<?>> outputs,
      List<Operand<?>> inputs,
      List<Operand<?>> dOutputs) {
    Gradients d = tf.gradients(outputs, inputs, Gradients.dx(dOutputs));
    List<Operand<?>> gradients = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      gradients.add(d.dy(i));
    }
    return gradients;
  }

  /** Adds a segment whose gradient is given. */
  public List<Operand<?>> segment(
      Ops tf, List<Operand<?>> inputs, Fusion.Body body, Backward backward) {
    List<Operand<?>> outputs = List.copyOf(body.build(tf, inputs));
    if (records) {
      steps.add(
          (back, gradients) -> {
            List<Operand<?>> read = outputs.stream().filter(gradients::reaches).toList();
            gradients.add(inputs, backward.build(back, inputs, outputs, gradients.of(back, read)));
          });
    }
    return outputs;
  }

  /**
   * Adds several segments, of which nothing but the inputs is kept if the tape recomputes at this
   * level.
   */
  public List<Operand<?>> stretch(
      Ops tf, Recompute level, List<Operand<?>> inputs, Stretch stretch) {
    if (!records || recompute != level) {
      return stretch.build(tf, this, inputs);
    }
    List<Operand<?>> outputs = stretch.build(tf, forward(fusion), inputs);
    steps.add(
        (back, gradients) -> {
          List<Operand<?>> dOutputs = gradients.of(back, outputs);
          List<Operand<?>> starts = barrier.apply(back, inputs, dOutputs);
          Tape inner = of(Recompute.NONE, barrier, fusion);
          List<Operand<?>> again = stretch.build(back, inner, starts);
          Sums within = inner.backward(back, again, dOutputs);
          for (int i = 0; i < inputs.size(); i++) {
            gradients.addAll(inputs.get(i), within.take(starts.get(i)));
          }
          gradients.addAll(within);
        });
    return outputs;
  }

  /**
   * Gradients of a scalar through all segments.
   *
   * @param output what the last segment gave
   * @param dOutput the scalar's gradient by it
   * @param parameters inputs of segments
   * @return the scalar's gradients by the parameters, in their order, in float32
   */
  public List<Operand<TFloat32>> gradients(
      Ops tf, Operand<?> output, Operand<?> dOutput, List<? extends Operand<?>> parameters) {
    Sums sums = backward(tf, List.of(output), List.of(dOutput));
    return parameters.stream().map(parameter -> sums.float32(tf, parameter)).toList();
  }

  private Sums backward(Ops tf, List<Operand<?>> outputs, List<Operand<?>> dOutputs) {
    Sums gradients = new Sums();
    gradients.add(outputs, dOutputs);
    for (int i = steps.size() - 1; i >= 0; i--) {
      steps.get(i).run(tf, gradients);
    }
    return gradients;
  }

  private static List<Operand<?>> join(
      List<Operand<?>> inputs, List<? extends Operand<?>> constants) {
    List<Operand<?>> all = new ArrayList<>(inputs);
    all.addAll(constants);
    return all;
  }

  /** The gradient by each value so far, in the parts that were found. */
  private static final class Sums {
    private final Map<Output<?>, List<Operand<?>>> parts = new LinkedHashMap<>();

    void add(List<Operand<?>> values, List<? extends Operand<?>> gradients) {
      for (int i = 0; i < values.size(); i++) {
        addAll(values.get(i), List.of(gradients.get(i)));
      }
    }

    void addAll(Operand<?> value, List<Operand<?>> more) {
      parts.computeIfAbsent(value.asOutput(), k -> new ArrayList<>()).addAll(more);
    }

    void addAll(Sums other) {
      other.parts.forEach(this::addAll);
    }

    List<Operand<?>> take(Operand<?> value) {
      return parts.remove(value.asOutput());
    }

    boolean reaches(Operand<?> value) {
      return parts.containsKey(value.asOutput());
    }

    List<Operand<?>> parts(Operand<?> value) {
      List<Operand<?>> found = parts.get(value.asOutput());
      if (found == null) {
        throw new IllegalStateException("no gradient reaches " + value.op().name());
      }
      return found;
    }

    /** The gradients by {@code values}, in their types. */
    List<Operand<?>> of(Ops tf, List<? extends Operand<?>> values) {
      List<Operand<?>> sums = new ArrayList<>();
      values.forEach(value -> sums.add(sum(tf, parts(value), value)));
      return sums;
    }

    Operand<TFloat32> float32(Ops tf, Operand<?> value) {
      return float32(tf, parts(value));
    }

    /** The sum in the type of {@code like}, added up in float32. */
    @SuppressWarnings("unchecked") // gradients are floating
    static Operand<?> sum(Ops tf, List<Operand<?>> parts, Operand<?> like) {
      var type = (Class<? extends TFloating>) like.asOutput().type();
      return parts.size() == 1
          ? Cast.to(tf, parts.get(0), type)
          : Cast.to(tf, float32(tf, parts), type);
    }

    private static Operand<TFloat32> float32(Ops tf, List<Operand<?>> parts) {
      return parts.stream().map(part -> Cast.float32(tf, part)).reduce(tf.math::add).orElseThrow();
    }
  }
}
