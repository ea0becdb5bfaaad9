package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
 * hold what they do not know, such as a loop.
 */
public final class Tape {
  /** What a segment computes from its inputs; parameters are reached from outside. */
  @FunctionalInterface
  public interface Body {
    List<Operand<TFloat32>> build(Ops tf, List<Operand<TFloat32>> inputs);
  }

  /** What a layer computes, on a tape that takes its segments. */
  @FunctionalInterface
  public interface Layer {
    Operand<TFloat32> build(Ops tf, Tape tape, Operand<TFloat32> input);
  }

  /** Gradients by a segment's inputs, from the gradient by its first output. */
  @FunctionalInterface
  public interface Backward {
    List<Operand<TFloat32>> build(
        Ops tf,
        List<Operand<TFloat32>> inputs,
        List<Operand<TFloat32>> outputs,
        Operand<TFloat32> dOutput);
  }

  /**
   * Keeps what is computed again apart from what was computed before: the executor must not run it
   * early, and no optimiser may find that both are the same.
   */
  @FunctionalInterface
  public interface Barrier {
    /** The same values, available once {@code after} are. */
    List<Operand<TFloat32>> apply(
        Ops tf, List<Operand<TFloat32>> values, List<Operand<TFloat32>> after);
  }

  /** Adds a segment's share to the gradients. */
  @FunctionalInterface
  private interface Step {
    void run(Ops tf, Sums gradients);
  }

  private final Recompute recompute;
  private final Barrier barrier;
  private final boolean cuts;
  private final List<Step> steps = new ArrayList<>();

  private Tape(Recompute recompute, Barrier barrier, boolean cuts) {
    this.recompute = recompute;
    this.barrier = barrier;
    this.cuts = cuts;
  }

  /** A tape whose segments are differentiated one by one. */
  public static Tape of(Recompute recompute, Barrier barrier) {
    return new Tape(recompute, barrier, true);
  }

  /**
   * A tape that makes no cuts: TensorFlow differentiates the whole, if anyone asks. Fewer nodes,
   * for where everything may be kept and nothing has a gradient of its own.
   */
  public static Tape uncut() {
    return new Tape(Recompute.NONE, null, false);
  }

  /**
   * Adds a segment that TensorFlow can differentiate.
   *
   * @param parameters what the body reaches from outside and has gradients; asked for only where
   *     gradients are wanted
   */
  public List<Operand<TFloat32>> segment(
      Ops tf,
      List<Operand<TFloat32>> inputs,
      Supplier<List<? extends Operand<? extends TFloating>>> parameters,
      Body body) {
    if (!cuts) {
      return body.build(tf, inputs);
    }
    if (recompute == Recompute.SELECTIVE) {
      List<Operand<TFloat32>> outputs = body.build(tf, inputs);
      steps.add(
          (back, gradients) -> {
            List<Operand<TFloat32>> dOutputs = gradients.of(outputs);
            var starts = starts(back, barrier.apply(back, inputs, dOutputs));
            var again = body.build(back, starts);
            gradients.differentiate(back, inputs, starts, parameters.get(), again, dOutputs);
          });
      return outputs;
    }
    List<Operand<TFloat32>> starts = starts(tf, inputs);
    List<Operand<TFloat32>> outputs = body.build(tf, starts);
    steps.add(
        (back, gradients) ->
            gradients.differentiate(
                back, inputs, starts, parameters.get(), outputs, gradients.of(outputs)));
    return outputs;
  }

  /**
   * Adds a segment whose gradient is given.
   *
   * @param body its first output goes on; the others are kept for {@code backward}
   */
  public Operand<TFloat32> segment(
      Ops tf, List<Operand<TFloat32>> inputs, Body body, Backward backward) {
    List<Operand<TFloat32>> outputs = body.build(tf, inputs);
    Operand<TFloat32> output = outputs.get(0);
    if (cuts) {
      steps.add(
          (back, gradients) -> {
            Operand<TFloat32> dOutput = gradients.of(List.of(output)).get(0);
            List<Operand<TFloat32>> d = backward.build(back, inputs, outputs, dOutput);
            for (int i = 0; i < inputs.size(); i++) {
              gradients.add(back, inputs.get(i), d.get(i));
            }
          });
    }
    return output;
  }

  /** Adds a layer: its segments, or all of it as one that is computed again. */
  public Operand<TFloat32> layer(Ops tf, Operand<TFloat32> input, Layer layer) {
    if (!cuts || recompute != Recompute.FULL) {
      return layer.build(tf, this, input);
    }
    Operand<TFloat32> output = layer.build(tf, uncut(), input);
    steps.add(
        (back, gradients) -> {
          Operand<TFloat32> dOutput = gradients.of(List.of(output)).get(0);
          Operand<TFloat32> start = barrier.apply(back, List.of(input), List.of(dOutput)).get(0);
          Tape inner = of(Recompute.NONE, barrier);
          Operand<TFloat32> again = layer.build(back, inner, start);
          Sums within = inner.backward(back, again, dOutput);
          gradients.add(back, input, within.take(start));
          gradients.addAll(back, within);
        });
    return output;
  }

  /**
   * Gradients of a scalar through all segments.
   *
   * @param output what the last segments gave
   * @param dOutput the scalar's gradient by it
   * @param parameters parameters of segments
   * @return the scalar's gradients by the parameters, in their order
   */
  public List<Operand<TFloat32>> gradients(
      Ops tf,
      Operand<TFloat32> output,
      Operand<TFloat32> dOutput,
      List<? extends Operand<? extends TFloating>> parameters) {
    if (!cuts) {
      Gradients d = tf.gradients(List.of(output), parameters, Gradients.dx(List.of(dOutput)));
      List<Operand<TFloat32>> all = new ArrayList<>();
      for (int i = 0; i < parameters.size(); i++) {
        all.add(float32(tf, d, i));
      }
      return all;
    }
    return backward(tf, output, dOutput).of(parameters);
  }

  private Sums backward(Ops tf, Operand<TFloat32> output, Operand<TFloat32> dOutput) {
    Sums gradients = new Sums();
    gradients.add(tf, output, dOutput);
    for (int i = steps.size() - 1; i >= 0; i--) {
      steps.get(i).run(tf, gradients);
    }
    return gradients;
  }

  /** Inputs at which TensorFlow's gradients end: one may have been computed from another. */
  private static List<Operand<TFloat32>> starts(Ops tf, List<Operand<TFloat32>> inputs) {
    List<Operand<TFloat32>> starts = new ArrayList<>();
    inputs.forEach(input -> starts.add(tf.stopGradient(input)));
    return starts;
  }

  /** A gradient; by a bfloat16 parameter it is bfloat16, but sums are float32. */
  @SuppressWarnings("unchecked") // gradients are floating
  private static Operand<TFloat32> float32(Ops tf, Gradients gradients, int index) {
    return Matrix.cast(
        tf, (Operand<? extends TFloating>) (Operand<?>) gradients.dy(index), TFloat32.class);
  }

  /** The gradient by each value so far. */
  private static final class Sums {
    private final Map<Output<?>, Operand<TFloat32>> sums = new LinkedHashMap<>();

    /** Adds TensorFlow's gradients of a segment whose inputs its nodes know as {@code starts}. */
    void differentiate(
        Ops tf,
        List<Operand<TFloat32>> inputs,
        List<Operand<TFloat32>> starts,
        List<? extends Operand<? extends TFloating>> parameters,
        List<Operand<TFloat32>> outputs,
        List<Operand<TFloat32>> dOutputs) {
      List<Operand<? extends TFloating>> by = new ArrayList<>(starts);
      by.addAll(parameters);
      Gradients d = tf.gradients(outputs, by, Gradients.dx(dOutputs));
      for (int i = 0; i < by.size(); i++) {
        boolean isInput = i < inputs.size();
        add(tf, isInput ? inputs.get(i) : by.get(i), float32(tf, d, i));
      }
    }

    void add(Ops tf, Operand<?> value, Operand<TFloat32> gradient) {
      sums.merge(value.asOutput(), gradient, tf.math::add);
    }

    void addAll(Ops tf, Sums other) {
      other.sums.forEach((value, gradient) -> sums.merge(value, gradient, tf.math::add));
    }

    Operand<TFloat32> take(Operand<TFloat32> value) {
      return sums.remove(value.asOutput());
    }

    List<Operand<TFloat32>> of(List<? extends Operand<?>> values) {
      List<Operand<TFloat32>> found = new ArrayList<>();
      for (Operand<?> value : values) {
        Operand<TFloat32> sum = sums.get(value.asOutput());
        if (sum == null) {
          throw new IllegalStateException("no gradient reaches " + value.op().name());
        }
        found.add(sum);
      }
      return found;
    }
  }
}
